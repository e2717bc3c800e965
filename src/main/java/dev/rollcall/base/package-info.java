/**
 * What every part shares: {@link dev.rollcall.base.Failure}, the one list of what can go wrong.
 * Imports nothing of ours.
 */
@NullMarked
package dev.rollcall.base;

import org.jspecify.annotations.NullMarked;
