package dev.rollcall.budgets;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Estimates how many bytes the next answer of a kind takes: the largest of those before it, where
 * older ones count less. Safe for use by all threads.
 */
public final class SizeEstimate {

  /** The least estimate, in bytes: objects, headers, buffers. */
  private static final long LEAST = 16 * 1024;

  /** For a while an answer is held about three times: as parts, whole, and as a copy. */
  private static final int TIMES = 3;

  private final AtomicLong largest = new AtomicLong(LEAST);

  /** What to set aside for the next one, in bytes. */
  public long next() {
    return TIMES * largest.get();
  }

  /** One had so many bytes. */
  public void seen(long bytes) {
    long before = largest.get();
    long after = Math.max(Math.max(bytes, LEAST), before - before / 16);
    if (after != before) {
      // Where another thread was faster, its size will do.
      largest.compareAndSet(before, after);
    }
  }
}
