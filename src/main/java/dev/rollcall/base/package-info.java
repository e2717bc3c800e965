/**
 * What every part shares: {@link dev.rollcall.base.Failure}, the one list of what can go wrong, and
 * the one way to it from a throwable; deadlines, cancelling and bounded concurrency; leases;
 * timers. Imports nothing of ours.
 */
@NullMarked
package dev.rollcall.base;

import org.jspecify.annotations.NullMarked;
