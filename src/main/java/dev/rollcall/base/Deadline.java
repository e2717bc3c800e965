package dev.rollcall.base;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The moment by which an answer is due. It is passed along with the work, and each part may take
 * what remains.
 *
 * @param nanoTime the moment, on the clock of {@link System#nanoTime()}
 */
public record Deadline(long nanoTime) {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** So much time from now on. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left, in nanoseconds; 0 when it has passed. */
  public long remainingNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }

  /** What is left, in milliseconds, rounded up: a timer of as many is not early. */
  public long remainingMillis() {
    return (remainingNanos() + MILLI - 1) / MILLI;
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return remainingNanos() == 0;
  }

  /** The earlier one of two. */
  public Deadline earliest(Deadline other) {
    return isBefore(other) ? this : other;
  }

  /** Whether this moment comes before another. */
  public boolean isBefore(Deadline other) {
    return nanoTime - other.nanoTime < 0;
  }

  /**
   * What to tell the next service that it has left, in milliseconds: less than is left here, so
   * that its answer can still be used; at least 1.
   */
  public long toPassOn() {
    return Math.max(1, remainingNanos() / MILLI - 1);
  }
}
