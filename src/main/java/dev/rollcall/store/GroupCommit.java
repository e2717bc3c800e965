package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.store.WriteQueue.Batch;
import dev.rollcall.users.ChangeSignal;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's thread: takes all writes that wait into one transaction, so that one wait for the
 * disk serves them all.
 *
 * <p>Single writes go first; a list contributes some rows beside them, and more while it is alone,
 * since each transaction waits for the disk. After the commit come, in this order: what readers
 * see, the callers, the feed's readers.
 */
public final class GroupCommit implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final String UNKNOWN = "outcome-unknown: internal error";
  private static final String ENDED =
      "not written: this process takes no writes until it is started again";

  /** How often it tries to tell the waiters that the writer has ended. */
  private static final int TRIES = 3;

  /** How long it waits to prune again what it could not prune though there is too much. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WriteQueue queue;
  private final Transactions transactions;
  private final ChangeSignal signal;
  private final Duration keep;
  private final FeedSize size;
  private final long pruneEveryNanos;
  private long pruneAt = System.nanoTime();

  /** Whether the feed was too large after the last pruning, which then is not repeated at once. */
  private boolean pruneFailed;

  /**
   * What the writer's thread runs: it takes from the queue, and prunes from the feed what is older
   * than {@code keep} or too much.
   *
   * @param size what the transactions tell of the feed's size
   */
  public GroupCommit(
      WriteQueue queue,
      Transactions transactions,
      ChangeSignal signal,
      Duration keep,
      FeedSize size) {
    this.queue = queue;
    this.transactions = transactions;
    this.signal = signal;
    this.keep = keep;
    this.size = size;
    // Often enough that a change outlives its time by a tenth at most, and by a minute.
    this.pruneEveryNanos = Math.min(keep.dividedBy(10).toNanos(), TimeUnit.MINUTES.toNanos(1));
  }

  /**
   * Runs until the queue is closed and empty. A fault of ours costs the batch that it happened in.
   * When an {@link Error} does not let it go on, such as a lack of memory, it tells all who wait
   * and refuses whoever comes, and the error leaves it.
   */
  @Override
  public void run() {
    boolean wanted = false;
    try {
      Batch batch = queue.take(pruneAt - System.nanoTime());
      while (batch != null) {
        if (!batch.isEmpty()) {
          carryOut(batch);
          tell(batch);
          signal.fire();
        }
        pruneIfDue();
        batch = queue.take(pruneAt - System.nanoTime());
      }
      wanted = true;
    } catch (InterruptedException e) {
      // Only a store that is closing and can't wait any longer interrupts this thread.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("the writer has ended; nothing is written until this process starts again", e);
      throw e;
    } finally {
      if (!wanted) {
        refuseAll();
      }
      transactions.close();
    }
  }

  private static Failure unavailable(String why) {
    return Failure.of(Failure.Kind.UNAVAILABLE, why);
  }

  private void carryOut(Batch batch) {
    PendingTask<?> task = batch.task();
    batch.beginCommit();
    try {
      if (task == null) {
        transactions.carryOut(batch);
      } else {
        task.run();
      }
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("the writer failed", e);
      batch.failed(unavailable(UNKNOWN));
      abandon();
    } catch (Error e) {
      batch.failed(unavailable(UNKNOWN));
      tell(batch);
      throw e;
    }
  }

  private void abandon() {
    try {
      transactions.abandon();
    } catch (RuntimeException e) {
      LOG.error("a failed transaction can't be given up", e);
    }
  }

  /** Refuses what waits in the queue, and what comes later. */
  private void refuseAll() {
    queue.breakOff(unavailable(ENDED));
    for (int i = 0; i < TRIES; i++) {
      try {
        refuseWaiting();
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("those who wait for the writer can't be told that it has ended", e);
      }
    }
  }

  private void refuseWaiting() throws InterruptedException {
    Batch left = queue.take(0);
    while (left != null) {
      left.failed(unavailable(ENDED));
      tell(left);
      left = queue.take(0);
    }
  }

  /** Answers all callers of a batch, with one hand-over for each of their contexts. */
  private void tell(Batch batch) {
    batch.endCommit();
    IdentityHashMap<Context, List<Runnable>> answers = new IdentityHashMap<>();
    for (PendingWrite pending : batch.singles()) {
      answers.computeIfAbsent(pending.caller(), c -> new ArrayList<>()).add(pending::tell);
    }
    PendingBulk bulk = batch.bulk();
    if (bulk != null && bulk.ended()) {
      queue.bulkEnded(bulk);
      answers.computeIfAbsent(bulk.caller(), c -> new ArrayList<>()).add(bulk::tell);
    }
    PendingTask<?> task = batch.task();
    if (task != null) {
      answers.computeIfAbsent(task.caller(), c -> new ArrayList<>()).add(task::tell);
    }
    answers.forEach(GroupCommit::handOver);
  }

  private static void handOver(Context caller, List<Runnable> answers) {
    try {
      caller.runOnContext(nothing -> tellEach(answers));
    } catch (RuntimeException e) {
      tellEach(answers); // The caller's event loop is gone; whoever still waits is told from here.
    }
  }

  /** One by one: a caller whose handler throws must not keep the others waiting. */
  private static void tellEach(List<Runnable> answers) {
    for (Runnable answer : answers) {
      try {
        answer.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a handler of a write's outcome failed", e);
      }
    }
  }

  /**
   * Prunes by time every so often, and by size at once. While there is too much, each batch is
   * followed by so many prunings that twice as much goes as it brought.
   */
  private void pruneIfDue() {
    boolean due = System.nanoTime() - pruneAt >= 0;
    if (!due && (size.excess() == 0 || pruneFailed)) {
      return;
    }
    boolean more = prune();
    while (more && size.isBehind()) {
      more = prune();
    }
    pruneFailed = !more && size.excess() > 0;
    long pause = pruneFailed ? Math.min(PAUSE_NANOS, pruneEveryNanos) : pruneEveryNanos;
    pruneAt = System.nanoTime() + (more ? 0 : pause);
  }

  private boolean prune() {
    try {
      return transactions.prune(Instant.now().minus(keep));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("pruning the feed failed", e);
      abandon();
      return false;
    }
  }
}
