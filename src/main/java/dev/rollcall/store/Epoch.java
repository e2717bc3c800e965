package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.User;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Numbers for a store that was put back to an earlier state: it must not give out any twice, though
 * it does not know which it gave out in the time that is lost.
 *
 * <pre>
 *   given out:   1 … restored ┊ lost: who holds one of these gets 410 ┊ floor + 1 …
 * </pre>
 *
 * <p>The floor comes from the clock: {@value #PER_MILLI} numbers for each millisecond, which is far
 * more than a store writes, so that it is also above whatever an earlier epoch gave out that began
 * from the same copy. A clock that was set back, or that is out of range, is of no use; then the
 * floor is some billions above what is known. All numbers stay below 2^53, as JSON's readers need
 * it.
 *
 * <p>An epoch without need does no harm: positions, tags and ids that were given out before stay
 * valid. So one begins wherever there is doubt.
 */
public final class Epoch {
  /** What the clock's numbers count from: 2025-01-01. */
  private static final long CLOCK_BEGINS = 1_735_689_600_000L;

  private static final long PER_MILLI = 4096;

  /** The clock has the lower half of all numbers, which lasts until 2059. */
  private static final long CLOCK_ENDS = User.MAX_ID / 2;

  /** More than is written within a day at full speed. */
  private static final long STEP = 1L << 32;

  private Epoch() {}

  /**
   * The number behind which an epoch begins.
   *
   * @param given the highest that is known to have been given out
   * @param now the present moment
   * @throws IllegalStateException with a sentence for the operator, when no numbers are left
   */
  public static long floor(long given, Instant now) {
    // Partly random, since two processes may start on the same copy.
    long step = given + STEP + ThreadLocalRandom.current().nextLong(STEP);
    if (step > User.MAX_ID - STEP) {
      throw new IllegalStateException("the store has no numbers left for another epoch");
    }
    long clock = Math.max(0, now.toEpochMilli() - CLOCK_BEGINS);
    return clock < CLOCK_ENDS / PER_MILLI ? Math.max(step, clock * PER_MILLI) : step;
  }

  /** Why there is nothing to read behind a position whose next change was pruned. */
  public static Failure pruned(long after) {
    return Failure.of(
        Failure.Kind.GONE,
        "changes behind " + after + " are no longer kept; begin again with an export");
  }

  /** Why there is nothing to read behind a position that this store has not given out. */
  public static Failure lost(long after) {
    return Failure.of(
        Failure.Kind.GONE,
        "this store has no position "
            + after
            + ": it was put back to an earlier state, or is another one; begin again with an"
            + " export");
  }
}
