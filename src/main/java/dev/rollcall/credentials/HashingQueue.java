package dev.rollcall.credentials;

import dev.rollcall.credentials.HashingTask.State;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link HashingPool} was given to do: which task is next, and how many there may be.
 *
 * <p>{@link FairQueue} says whose turn it is and {@link UnderWay} which share may begin. There are
 * as many permits as threads and places; a task holds one until its work has ended, even when its
 * client has gone. Safe for use by all threads; everything is guarded by this.
 */
final class HashingQueue {

  /** The share of each new measurement in the mean, small enough to survive single outliers. */
  private static final double WEIGHT = 0.1;

  private final int threads;
  private final int permits;

  /** Tasks that have not begun, the oldest first. */
  private final Set<HashingTask<?>> waiting = new LinkedHashSet<>();

  /** Of those, the ones for which no thread was found yet. */
  private final FairQueue<HashingTask<?>> turns = new FairQueue<>();

  private final UnderWay underWay;

  /** Tasks that were taken in and have not ended. */
  private int admitted;

  /** Tasks that have a thread, or are about to. */
  private int running;

  /** Of one work, in nanoseconds; a guess until the first has ended. */
  private double mean = TimeUnit.MILLISECONDS.toNanos(50);

  private boolean closed;

  /**
   * An empty queue.
   *
   * @param threads how many tasks run at once
   * @param places how many may wait beside them
   */
  HashingQueue(int threads, int places, UnderWay underWay) {
    this.threads = threads;
    this.permits = threads + places;
    this.underWay = underWay;
  }

  /**
   * Takes a task in.
   *
   * @param suspicion of two shares that wait for as much, the one with less of it stays
   * @return false once it is closed
   */
  synchronized boolean add(HashingTask<?> task, int suspicion) {
    if (!closed) {
      admitted++;
      waiting.add(task);
      turns.add(task.share, suspicion, task);
    }
    return !closed;
  }

  /** The tasks that are to run now; their shares count them from here on. */
  synchronized List<HashingTask<?>> next() {
    List<HashingTask<?>> next = new ArrayList<>();
    while (!closed && running < threads) {
      HashingTask<?> task = turns.take(underWay::mayBegin);
      if (task == null) {
        break;
      }
      task.state = State.DISPATCHED;
      running++;
      underWay.begin(task.share);
      next.add(task);
    }
    return next;
  }

  /** Drops a task of the share with the most, if there is one task too many; else null. */
  synchronized @Nullable HashingTask<?> dropSurplus() {
    HashingTask<?> last = admitted > permits ? turns.dropFromLongest() : null;
    return last != null && refuse(last) ? last : null;
  }

  /** Has a task that was dispatched leave the queue and run; false if it was refused. */
  synchronized boolean begin(HashingTask<?> task) {
    boolean begins = task.state == State.DISPATCHED;
    if (begins) {
      task.state = State.RUNNING;
      waiting.remove(task);
    }
    return begins;
  }

  /** Ends a task that has not begun; false if it has. */
  synchronized boolean refuse(HashingTask<?> task) {
    boolean refused = waiting.remove(task);
    if (refused) {
      if (task.state == State.DISPATCHED) {
        running--;
        underWay.end(task.share);
      }
      admitted--;
      task.state = State.ENDED;
    }
    return refused;
  }

  /**
   * The work of a running task has ended, and its permit and its thread are free.
   *
   * @param held whether its answer is held back until {@link #release}
   */
  synchronized void end(HashingTask<?> task, boolean held) {
    if (task.state == State.RUNNING) {
      task.state = State.HELD;
      admitted--;
      running--;
      if (!held) {
        release(task);
      }
    }
  }

  /** The answer of a task has come, so that its share counts it no longer. */
  synchronized void release(HashingTask<?> task) {
    if (task.state == State.HELD) {
      task.state = State.ENDED;
      underWay.end(task.share);
    }
  }

  /** Takes nothing in any more; returns the tasks that have not begun. */
  synchronized List<HashingTask<?>> close() {
    closed = true;
    return List.copyOf(waiting);
  }

  synchronized void measured(long nanos) {
    mean += WEIGHT * (nanos - mean);
  }

  /** When what is admitted now will have been done, in whole seconds and at least one. */
  synchronized int retryAfter() {
    double nanos = mean * admitted / threads;
    return (int) Math.max(1, Math.ceil(nanos / TimeUnit.SECONDS.toNanos(1)));
  }

  synchronized int waiting() {
    return waiting.size();
  }

  synchronized int admitted() {
    return admitted;
  }

  /** For how long the oldest waiting task has waited, in nanoseconds. */
  synchronized long age() {
    return waiting.isEmpty() ? 0 : System.nanoTime() - waiting.iterator().next().since;
  }
}
