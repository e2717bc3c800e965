package dev.rollcall.base;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the next one of a kind may take, from those before it: the largest of the recent ones,
 * of which an older one counts less. Safe for use by all threads.
 */
public final class SizeEstimate {

  /** What is assumed at least, in bytes: objects, headers, buffers. */
  private static final long LEAST = 16 * 1024;

  /** What is read is held about three times for a while: its parts, the whole, and its copy. */
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
      // Where another thread was faster, its word counts as well as this one.
      largest.compareAndSet(before, after);
    }
  }
}
