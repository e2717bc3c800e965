package dev.rollcall.cluster;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of unfinished messages over all connections of a port. Safe for use by all
 * threads.
 */
final class ByteBudget {

  private static final int PART_OF_HEAP = 8;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /** An eighth of the heap, and at least enough for one of the largest messages. */
  static ByteBudget forMessagesOf(long largest) {
    return new ByteBudget(Math.max(largest, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }

  /** Takes so many bytes, or none and answers false. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) > limit) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
