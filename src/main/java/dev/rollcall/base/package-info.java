/**
 * What every part shares: {@link dev.rollcall.base.Failure}, the one list of what can go wrong; how
 * much time is left and whether anybody still waits; the timers of requests. Imports nothing of
 * ours.
 */
@NullMarked
package dev.rollcall.base;

import org.jspecify.annotations.NullMarked;
