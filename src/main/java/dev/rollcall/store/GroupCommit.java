package dev.rollcall.store;

import dev.rollcall.base.Failure;
import dev.rollcall.store.WriteQueue.Batch;
import dev.rollcall.users.ChangeSignal;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Context;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * <p>Single writes go first; a list contributes up to {@value #BULK_LIMIT} rows or 2 ms, and more
 * while it is alone, since each transaction waits for the disk. After the commit come, in this
 * order: the cache, the published seq, the callers, the feed's readers. An error of the database
 * fails the batch, and the next one begins on a new connection.
 */
final class GroupCommit implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** What a list may take while single writes wait. */
  private static final int BULK_LIMIT = 64;

  private static final long BULK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What a list may take while nobody else waits; whoever comes meanwhile ends it. */
  private static final int ALONE_LIMIT = 512;

  private static final long ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final WriteQueue queue;
  private final WriterConnection connection;
  private final UserCache cache;
  private final Published published;
  private final ChangeSignal signal;
  private final StoreMetrics metrics;
  private final Duration keep;
  private final long pruneEveryNanos;
  private long pruneAt = System.nanoTime();

  GroupCommit(
      WriteQueue queue,
      WriterConnection connection,
      UserCache cache,
      Published published,
      ChangeSignal signal,
      StoreMetrics metrics,
      Duration keep) {
    this.queue = queue;
    this.connection = connection;
    this.cache = cache;
    this.published = published;
    this.signal = signal;
    this.metrics = metrics;
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
        }
        pruneIfDue();
        batch = queue.take(pruneAt - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a JVM that is being torn down.
      Thread.currentThread().interrupt();
    } finally {
      connection.close();
    }
  }

  private void carryOut(Batch batch) {
    long start = System.nanoTime();
    try {
      WriteSession session = connection.begin();
      int rows = apply(batch, session);
      connection.commit();
      if (batch.bulk() != null) {
        batch.bulk().committed();
      }
      publish(session);
      metrics.committed(System.nanoTime() - start, rows);
    } catch (SQLException e) {
      fail(batch, connection.failed(e));
    } catch (Failure e) {
      fail(batch, e);
    } catch (RuntimeException | Error e) {
      // A fault of ours, or too little memory for one batch, must not end the only thread that
      // writes; the batch is told.
      LOG.error("the writer failed", e);
      fail(batch, connection.failed(new SQLException("internal error", e)));
    }
    tell(batch);
    signal.fire();
  }

  private int apply(Batch batch, WriteSession session) throws SQLException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    for (PendingWrite pending : batch.singles()) {
      try {
        pending.done(session.apply(pending.write(), now));
      } catch (Failure e) {
        pending.failed(e);
      }
    }
    return batch.singles().size() + applyBulk(batch, session, now);
  }

  private int applyBulk(Batch batch, WriteSession session, Instant now) throws SQLException {
    PendingBulk bulk = batch.bulk();
    if (bulk == null) {
      return 0;
    }
    long start = System.nanoTime();
    int rows = 0;
    UserWrite write = bulk.next();
    while (write != null && mayTakeAnother(rows, System.nanoTime() - start)) {
      try {
        bulk.done(session.apply(write, now));
      } catch (Failure e) {
        bulk.failed(e);
      }
      rows++;
      write = bulk.next();
    }
    return rows;
  }

  private boolean mayTakeAnother(int rows, long nanos) {
    return (rows < BULK_LIMIT && nanos < BULK_NANOS)
        || (rows < ALONE_LIMIT && nanos < ALONE_NANOS && !queue.singleWaits());
  }

  private void publish(WriteSession session) {
    for (WriteSession.Effect effect : session.takeEffects()) {
      if (effect.user() == null) {
        cache.forget(effect.id());
      } else {
        cache.put(effect.user());
      }
    }
    published.advance(session.committedSeq());
  }

  private void fail(Batch batch, Failure why) {
    metrics.failed();
    for (PendingWrite pending : batch.singles()) {
      pending.failed(why);
    }
    if (batch.bulk() != null) {
      batch.bulk().stop(why);
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
    boolean more = false;
    try {
      more = connection.session().prune(Instant.now().minus(keep));
    } catch (SQLException e) {
      connection.failed(e);
    } catch (Failure e) {
      LOG.debug("the feed is not pruned while the store recovers");
    } catch (RuntimeException | Error e) {
      LOG.error("pruning the feed failed", e);
      connection.failed(new SQLException("internal error", e));
    }
    pruneAt = System.nanoTime() + (more ? 0 : pruneEveryNanos);
  }
}
