package dev.rollcall.store;

import java.util.concurrent.TimeUnit;

/**
 * When to try to connect again: at once, then after pauses that double from 50 ms to 1 s.
 *
 * <p>One thread at a time reports what became of a try; all threads may ask.
 */
public final class Backoff {
  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile long pause;
  private volatile long dueAt;

  /** Whether the pause after the last failure is over. */
  public boolean due() {
    return pause == 0 || System.nanoTime() - dueAt >= 0;
  }

  /** What is left of the pause, in milliseconds; at least 1. */
  public long dueInMillis() {
    long left = pause == 0 ? 0 : dueAt - System.nanoTime();
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(left) + 1);
  }

  /** Begins a pause, twice as long as the last one. */
  public void failed() {
    long next = pause == 0 ? FIRST_NANOS : Math.min(2 * pause, LONGEST_NANOS);
    dueAt = System.nanoTime() + next;
    pause = next;
  }

  /** Ends the pauses. */
  public void succeeded() {
    pause = 0;
  }
}
