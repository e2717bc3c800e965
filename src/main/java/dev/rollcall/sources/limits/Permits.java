package dev.rollcall.sources.limits;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the attempts at one source that are under way at once, and the queue of those that wait,
 * in the order in which they came. Safe for use by all threads; never blocks.
 */
public final class Permits {
  /** When an attempt has its permit. */
  public enum Turn {
    NOW,
    /** Once the waiter is run, on the thread of whoever released the permit. */
    LATER,
    /** Too many wait already. */
    NEVER
  }

  private final Set<Runnable> queue = new LinkedHashSet<>();
  private int limit;
  private int queueLimit;
  private int taken;

  /**
   * None taken.
   *
   * @param limit how many may be taken at once
   * @param queueLimit how many may wait
   */
  public Permits(int limit, int queueLimit) {
    this.limit = limit;
    this.queueLimit = queueLimit;
  }

  /** Takes a permit, or queues for one. */
  public synchronized Turn take(Runnable waiter) {
    if (taken < limit) {
      taken++;
      return Turn.NOW;
    }
    if (queue.size() >= queueLimit) {
      return Turn.NEVER;
    }
    queue.add(waiter);
    return Turn.LATER;
  }

  /** Leaves the queue, unless the permit is already on its way. */
  public synchronized void giveUp(Runnable waiter) {
    queue.remove(waiter);
  }

  /** Gives a permit back, which goes to the first that waits. */
  public void release() {
    Runnable next = pass();
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable pass() {
    taken--;
    return taken < limit ? first() : null;
  }

  /** The first that waits, with a permit. */
  private @Nullable Runnable first() {
    Iterator<Runnable> first = queue.iterator();
    if (!first.hasNext()) {
      return null;
    }
    Runnable next = first.next();
    first.remove();
    taken++;
    return next;
  }

  /**
   * Sets how many may be taken, and how many may wait, from now on. Permits beyond it are not
   * called back, and who waits already may go on waiting.
   */
  void resize(int newLimit, int newQueueLimit) {
    more(newLimit, newQueueLimit).forEach(Runnable::run);
  }

  private synchronized List<Runnable> more(int newLimit, int newQueueLimit) {
    limit = newLimit;
    queueLimit = newQueueLimit;
    List<Runnable> more = new ArrayList<>();
    while (taken < limit) {
      Runnable next = first();
      if (next == null) {
        break;
      }
      more.add(next);
    }
    return more;
  }

  synchronized boolean isFull() {
    return taken >= limit;
  }

  public synchronized int taken() {
    return taken;
  }

  public synchronized int waiting() {
    return queue.size();
  }
}
