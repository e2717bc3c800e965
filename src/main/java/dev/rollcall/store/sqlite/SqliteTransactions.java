package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.store.PendingBulk;
import dev.rollcall.store.Published;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.store.Transactions;
import dev.rollcall.store.WriteQueue;
import dev.rollcall.store.WriteQueue.Batch;
import dev.rollcall.users.User;
import dev.rollcall.users.UserWrite;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of the SQLite store. After a commit come the cache and the published seq, before
 * anybody is told. An error of the database fails the batch, and the next one begins on a new
 * connection.
 */
record SqliteTransactions(
    WriteQueue queue,
    WriterConnection connection,
    UserCache cache,
    Published published,
    StoreMetrics metrics)
    implements Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteTransactions.class);

  /** What a list may take of the time of single writes that wait. */
  private static final long BULK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What it may take while nobody else waits; whoever comes meanwhile ends it. */
  private static final long ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** What is done in a transaction of its own. */
  interface Work<T> {
    /**
     * Does it. What it writes it has {@link WriteSession#touched} tell of; before that it may throw
     * a {@link Failure}.
     */
    T run(WriteSession session, Instant now) throws SQLException;
  }

  /**
   * Does something in a transaction of its own, on the writer's thread.
   *
   * @throws Failure what the work throws; {@code UNAVAILABLE} when it is not written, or its fate
   *     is open; {@code INTERNAL} when it is not written and would not be later, by a fault of ours
   */
  <T> T perform(Work<T> work) {
    long start = System.nanoTime();
    try {
      WriteSession session = connection.begin();
      T outcome;
      try {
        outcome = work.run(session, Instant.now().truncatedTo(ChronoUnit.MILLIS));
      } catch (Failure e) {
        session.rollBack();
        throw e;
      }
      connection.commit();
      publish(session);
      metrics.committed(System.nanoTime() - start, 1);
      return outcome;
    } catch (SQLException e) {
      metrics.failed();
      throw lasting(e, connection.failed(e));
    } catch (Failure e) {
      throw e;
    } catch (RuntimeException e) {
      metrics.failed();
      throw lasting(e, connection.broken(e));
    }
  }

  /** A fault that would happen again is no {@code UNAVAILABLE}. */
  private static Failure lasting(Exception fault, Failure told) {
    boolean isUnknown = told.detail().startsWith("outcome-unknown");
    return !isUnknown && WriterConnection.isOurs(fault)
        ? Failure.of(Failure.Kind.INTERNAL, told.detail())
        : told;
  }

  @Override
  public void carryOut(Batch batch) {
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
    } catch (RuntimeException e) {
      fail(batch, connection.broken(e));
    }
  }

  private int apply(Batch batch, WriteSession session) throws SQLException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    session.attempt(batch.singles(), now);
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
      session.attempt(write, now, bulk);
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
    boolean deletes = false;
    for (WriteSession.Effect effect : session.takeEffects()) {
      User user = effect.user();
      if (user == null) {
        cache.forget(effect.id());
        deletes = true;
      } else {
        cache.put(user);
      }
    }
    published.advance(session.committedSeq(), deletes);
  }

  private void fail(Batch batch, Failure why) {
    metrics.failed();
    batch.failed(why);
  }

  @Override
  public boolean prune(Instant before) {
    try {
      return connection.prune(before);
    } catch (SQLException e) {
      connection.failed(e);
    } catch (Failure e) {
      LOG.debug("the feed is not pruned while the store recovers");
    }
    return false;
  }

  @Override
  public void abandon() {
    connection.abandon();
  }

  @Override
  public void close() {
    connection.close();
  }
}
