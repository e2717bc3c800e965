package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The writes that wait, bounded: single ones, lists that yield to them, and tasks that take turns
 * with both.
 *
 * <p>Any thread offers, the writer's thread alone takes.
 */
public final class WriteQueue {
  /** How many single writes one transaction takes at most. */
  private static final int BATCH_LIMIT = 512;

  /** It takes no more once those that it has are so large, or all would wait for large ones. */
  private static final long BATCH_SIZE = 4 << 20;

  /** How many lists may wait; each is handed over by a caller that waits for it. */
  private static final int BULK_CAPACITY = 64;

  /** How many tasks may wait. */
  private static final int TASK_CAPACITY = 1024;

  /**
   * What one transaction is to carry out; the list may take part in several. A task has one for
   * itself.
   */
  public record Batch(
      List<PendingWrite> singles, @Nullable PendingBulk bulk, @Nullable PendingTask<?> task) {
    boolean isEmpty() {
      return singles.isEmpty() && bulk == null && task == null;
    }

    /** Its transaction begins. */
    void beginCommit() {
      for (PendingWrite pending : singles) {
        pending.beginCommit(singles.size());
      }
      if (bulk != null) {
        bulk.beginCommit(singles.size());
      }
      if (task != null) {
        task.beginCommit(0);
      }
    }

    /** Its transaction has ended. */
    void endCommit() {
      singles.forEach(PendingWork::endCommit);
      if (bulk != null) {
        bulk.endCommit();
      }
      if (task != null) {
        task.endCommit();
      }
    }

    /** Tells all of it that its transaction is lost, or may be. */
    public void failed(Failure why) {
      for (PendingWrite pending : singles) {
        pending.failed(why);
      }
      if (bulk != null) {
        bulk.stop(why);
      }
      if (task != null) {
        task.failed(why);
      }
    }
  }

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<PendingWrite> singles = new ArrayDeque<>();
  private final Deque<PendingBulk> bulks = new ArrayDeque<>();
  private final Deque<PendingTask<?>> tasks = new ArrayDeque<>();
  private boolean taskIsNext;

  /** Changes under the lock, and is read without it only to say why a write is refused. */
  private volatile boolean closed;

  /** Why writes are refused though nobody closed the store; null while they are not. */
  private volatile @Nullable Failure broken;

  /** An empty queue for so many single writes. */
  public WriteQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Has a single write carried out; fails as not written when the queue is full or closed.
   *
   * @param caller where the outcome is told
   */
  public Future<WriteOutcome> write(UserWrite write, Context caller) {
    PendingWrite pending = new PendingWrite(write, caller);
    return offer(singles, pending, capacity) ? pending.future() : Future.failedFuture(refusal());
  }

  /**
   * Has a list carried out; never fails, and gives up before the first one when too many lists wait
   * or the queue is closed.
   *
   * @param caller where the outcome is told
   */
  public Future<BulkOutcome> writeAll(List<UserWrite> writes, Context caller) {
    if (writes.isEmpty()) {
      return Future.succeededFuture(new BulkOutcome(List.of(), null));
    }
    PendingBulk pending = new PendingBulk(writes, caller);
    return offer(bulks, pending, BULK_CAPACITY)
        ? pending.future()
        : Future.succeededFuture(new BulkOutcome(List.of(), refusal()));
  }

  /**
   * Has something done in a transaction of its own, in turn with batches of writes; fails as not
   * written when too much waits or the queue is closed.
   *
   * @param caller where the outcome is told
   */
  public <T> Future<T> perform(PendingTask.Work<T> work, Context caller) {
    PendingTask<T> pending = new PendingTask<>(work, caller);
    return offer(tasks, pending, TASK_CAPACITY) ? pending.future() : Future.failedFuture(refusal());
  }

  private Failure refusal() {
    Failure ended = broken;
    if (ended != null) {
      return ended;
    }
    return Failure.of(
        Failure.Kind.UNAVAILABLE,
        closed
            ? "not written: the store is closing"
            : "not written: too many writes are waiting for the store");
  }

  private <T> boolean offer(Deque<T> waiting, T item, int limit) {
    lock.lock();
    try {
      if (closed || waiting.size() >= limit) {
        return false;
      }
      waiting.add(item);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what waits, waiting for it a while.
   *
   * @return an empty batch when nothing came in time; null when the queue is closed and empty
   */
  @Nullable Batch take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (size() == 0 && !closed && left > 0) {
        left = filled.awaitNanos(left);
      }
      if (closed && size() == 0) {
        return null;
      }
      boolean others = !singles.isEmpty() || !bulks.isEmpty();
      if (!tasks.isEmpty() && (taskIsNext || !others)) {
        taskIsNext = false;
        return new Batch(List.of(), null, tasks.remove());
      }
      taskIsNext = true;
      List<PendingWrite> taken = new ArrayList<>(Math.min(BATCH_LIMIT, singles.size()));
      long size = 0;
      while (!singles.isEmpty() && taken.size() < BATCH_LIMIT && size < BATCH_SIZE) {
        taken.add(singles.remove());
        size += taken.get(taken.size() - 1).write().size();
      }
      return new Batch(taken, bulks.peek(), null);
    } finally {
      lock.unlock();
    }
  }

  /** The list needs no further transaction. */
  void bulkEnded(PendingBulk bulk) {
    lock.lock();
    try {
      bulks.remove(bulk);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a single write has come in since the last batch was taken. */
  public boolean singleWaits() {
    lock.lock();
    try {
      return !singles.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** How many writes, lists and tasks wait. */
  public int size() {
    lock.lock();
    try {
      return singles.size() + bulks.size() + tasks.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing in any more, since nobody is left who would take it out: tells why. */
  void breakOff(Failure why) {
    broken = why;
    close();
  }

  /** Why writes are refused until the process is started again; null while they are not. */
  public @Nullable Failure broken() {
    return broken;
  }

  /** Takes nothing in any more; what waits can still be taken out. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
  }
}
