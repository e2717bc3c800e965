package dev.rollcall.access;

import dev.rollcall.base.ClientAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which refusals are logged: the first few of a group of addresses in each ten seconds. A flood
 * from some addresses fills their groups alone, and all groups together are about 20 lines a second
 * at most. Safe for use by all threads.
 */
final class RefusalRate {
  /** How many refusals of a group are logged in each window. */
  static final int AT_ONCE = 3;

  static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

  private static final int GROUPS = 64;

  private final LongSupplier clock;
  private final long[] begun = new long[GROUPS];
  private final int[] logged = new int[GROUPS];

  /** How many refusals were left out since one of the group was last logged. */
  private final long[] leftOut = new long[GROUPS];

  /**
   * A rate that has let none through.
   *
   * @param clock in nanoseconds, as {@link System#nanoTime}
   */
  RefusalRate(LongSupplier clock) {
    this.clock = clock;
    Arrays.fill(begun, clock.getAsLong());
  }

  /**
   * Counts a refusal.
   *
   * @return -1 where it is left out; else how many of its group were left out before it
   */
  synchronized long admit(ClientAddress from) {
    int group = Math.floorMod(from.hashCode(), GROUPS);
    long now = clock.getAsLong();
    if (now - begun[group] >= WINDOW) {
      begun[group] = now;
      logged[group] = 0;
    }
    if (logged[group] == AT_ONCE) {
      leftOut[group]++;
      return -1;
    }
    logged[group]++;
    long before = leftOut[group];
    leftOut[group] = 0;
    return before;
  }
}
