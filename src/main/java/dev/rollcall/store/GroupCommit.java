package dev.rollcall.store;

import dev.rollcall.store.WriteQueue.Batch;
import dev.rollcall.users.ChangeSignal;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
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

  private final WriteQueue queue;
  private final Transactions transactions;
  private final ChangeSignal signal;
  private final Duration keep;
  private final long pruneEveryNanos;
  private long pruneAt = System.nanoTime();

  /**
   * What the writer's thread runs: it takes from the queue and prunes what is older than {@code
   * keep}.
   */
  public GroupCommit(
      WriteQueue queue, Transactions transactions, ChangeSignal signal, Duration keep) {
    this.queue = queue;
    this.transactions = transactions;
    this.signal = signal;
    this.keep = keep;
    // Often enough that a change outlives its time by a tenth at most, and by a minute.
    this.pruneEveryNanos = Math.min(keep.dividedBy(10).toNanos(), TimeUnit.MINUTES.toNanos(1));
  }

  /** Runs until the queue is closed and empty. */
  @Override
  public void run() {
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
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a JVM that is being torn down.
      Thread.currentThread().interrupt();
    } finally {
      transactions.close();
    }
  }

  private void carryOut(Batch batch) {
    PendingTask<?> task = batch.task();
    if (task == null) {
      transactions.carryOut(batch);
    } else {
      task.run();
    }
  }

  /** Answers all callers of a batch, with one hand-over for each of their contexts. */
  private void tell(Batch batch) {
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
    } catch (RejectedExecutionException e) {
      tellEach(answers); // The caller's event loop is gone; whoever still waits is told from here.
    }
  }

  /** Each for itself: a caller whose handler throws must not keep the others waiting for ever. */
  private static void tellEach(List<Runnable> answers) {
    for (Runnable answer : answers) {
      try {
        answer.run();
      } catch (RuntimeException e) {
        LOG.error("a handler of a write's outcome failed", e);
      }
    }
  }

  private void pruneIfDue() {
    if (System.nanoTime() - pruneAt < 0) {
      return;
    }
    boolean more = transactions.prune(Instant.now().minus(keep));
    pruneAt = System.nanoTime() + (more ? 0 : pruneEveryNanos);
  }
}
