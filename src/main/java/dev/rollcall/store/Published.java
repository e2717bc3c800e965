package dev.rollcall.store;

import dev.rollcall.base.Failure;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest seq whose write has reached the cache.
 *
 * <p>A reader's transaction may see a commit a moment before the cache does. If it answered at
 * once, a client could read a user from a list, or from a load that a write has overtaken, and then
 * an older state of it from the cache. So a reader waits here, for microseconds, until the cache
 * has what it saw.
 */
public final class Published {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile long seq;
  private volatile long deletion;

  /** Begins with the newest seq of the store. */
  public Published(long seq) {
    this.seq = seq;
    this.deletion = seq;
  }

  /** The newest seq that readers may show. */
  public long seq() {
    return seq;
  }

  /** The newest seq that may be that of a deletion; none after it, up to {@link #seq}, is. */
  public long newestDeletion() {
    return deletion;
  }

  /** Moves on, never back, over what may have deletions; whether it moved. */
  public boolean advance(long to) {
    return advance(to, true);
  }

  /**
   * Moves on, never back; whether it moved.
   *
   * @param deletes whether there may be a deletion among what it moves over
   */
  public boolean advance(long to, boolean deletes) {
    if (to <= seq) {
      return false;
    }
    lock.lock();
    try {
      boolean moves = to > seq;
      if (deletes) {
        deletion = Math.max(to, deletion); // Before the seq: who reads that one knows of it.
      }
      seq = Math.max(to, seq);
      moved.signalAll();
      return moves;
    } finally {
      lock.unlock();
    }
  }

  /** Waits on a reader's thread until {@code wanted} is published; fails after some seconds. */
  public void await(long wanted) throws InterruptedException {
    if (seq >= wanted) {
      return;
    }
    lock.lock();
    try {
      long left = PATIENCE_NANOS;
      while (seq < wanted) {
        if (left <= 0) {
          throw Failure.of(Failure.Kind.UNAVAILABLE, "the store is recovering from a failed write");
        }
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
