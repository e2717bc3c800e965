package dev.rollcall.sources.limits;

import dev.rollcall.config.sources.Balancing;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Leaves out URLs of a source that fail so often in a row, each for a time, and never the last one.
 * One that fails again after its time is left out again at once. Safe for use by all threads.
 */
public final class UrlEjection {
  private final int urls;
  private final int limit;
  private final long nanos;

  /** For each URL the failures in a row. */
  private final AtomicIntegerArray failures;

  /** For each URL until when it is left out, in {@code nanoTime}; 0 for not at all. */
  private final AtomicLongArray ends;

  /** For each URL how often it was left out. */
  private final AtomicLongArray count;

  UrlEjection(int urls, Balancing balancing) {
    this.urls = urls;
    this.limit = balancing.failures();
    this.nanos = balancing.time().toNanos();
    this.failures = new AtomicIntegerArray(urls);
    this.ends = new AtomicLongArray(urls);
    this.count = new AtomicLongArray(urls);
  }

  void answered(int url) {
    if (failures.get(url) != 0) {
      failures.set(url, 0);
    }
  }

  void failed(int url) {
    if (failures.updateAndGet(url, now -> Math.min(limit, now + 1)) == limit) {
      eject(url);
    }
  }

  private synchronized void eject(int url) {
    int others = 0;
    for (int other = 0; other < urls; other++) {
      others += other != url && !isOut(other) ? 1 : 0;
    }
    if (others > 0 && !isOut(url)) {
      ends.set(url, System.nanoTime() + nanos | 1);
      count.incrementAndGet(url);
    }
  }

  /** Whether a URL is left out now. */
  public boolean isOut(int url) {
    long end = ends.get(url);
    if (end == 0) {
      return false;
    }
    if (end - System.nanoTime() > 0) {
      return true;
    }
    ends.compareAndSet(url, end, 0);
    return false;
  }

  /** How often a URL was left out so far. */
  public long count(int url) {
    return count.get(url);
  }

  /** How many URLs there are. */
  public int urls() {
    return urls;
  }
}
