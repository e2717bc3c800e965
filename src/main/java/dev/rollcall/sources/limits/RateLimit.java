package dev.rollcall.sources.limits;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how often attempts at one source begin, by a token bucket, and the queue of those that
 * wait, in the order in which they came. Safe for use by all threads; never blocks.
 *
 * <p>It has no timer: whoever waits calls {@link #pass} when its turn should be there, which lets
 * go all whose turn it is. Thus a place of one who left is not lost, and nothing must be closed.
 */
public final class RateLimit {
  /** Of an attempt that has no turn in time. */
  public static final long NEVER = -1;

  /** The nanoseconds that one token takes. */
  private final long interval;

  /** The most nanoseconds that are saved up. */
  private final long most;

  private final int queueLimit;
  private final Set<Runnable> queue = new LinkedHashSet<>();

  /** The nanoseconds that are saved up, and when that was. */
  private long saved;

  private long at = System.nanoTime();

  /** With all of its burst at hand. */
  public RateLimit(int perSecond, int burst, int queueLimit) {
    this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.most = interval * burst;
    this.saved = most;
    this.queueLimit = queueLimit;
  }

  /**
   * Takes a turn, or queues for one.
   *
   * @param waiter run at its turn by whoever lets it go, on any thread, if it must wait
   * @param longest how many milliseconds it can wait
   * @return after how many milliseconds its turn should be there; 0 for now, and {@link #NEVER},
   *     with nothing taken, where that is too late or too many wait already
   */
  public synchronized long take(Runnable waiter, long longest) {
    save();
    if (queue.isEmpty() && saved >= interval) {
      saved -= interval;
      return 0;
    }
    long wait = (queue.size() + 1) * interval - saved;
    long millis = TimeUnit.NANOSECONDS.toMillis(wait - 1) + 1;
    if (millis >= longest || queue.size() >= queueLimit) {
      return NEVER;
    }
    queue.add(waiter);
    return millis;
  }

  /** Leaves the queue, unless its turn is already on its way. */
  public synchronized void giveUp(Runnable waiter) {
    queue.remove(waiter);
  }

  /** Lets go all whose turn it is. */
  public void pass() {
    due().forEach(Runnable::run);
  }

  private synchronized List<Runnable> due() {
    save();
    List<Runnable> due = new ArrayList<>(1);
    Iterator<Runnable> first = queue.iterator();
    while (saved >= interval && first.hasNext()) {
      saved -= interval;
      due.add(first.next());
      first.remove();
    }
    return due;
  }

  private void save() {
    long now = System.nanoTime();
    saved = Math.min(most, saved + now - at);
    at = now;
  }

  /** How many wait. */
  public synchronized int waiting() {
    return queue.size();
  }
}
