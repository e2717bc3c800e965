package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.store.FeedSize;
import dev.rollcall.store.PendingBulk;
import dev.rollcall.store.Published;
import dev.rollcall.store.StoreMetrics;
import dev.rollcall.store.Transactions;
import dev.rollcall.store.WriteQueue.Batch;
import dev.rollcall.store.postgres.PostgresLoad.Loaded;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of the PostgreSQL store: two round trips for a batch, one that locks the
 * counters and loads, one that writes and commits; in between the writes are decided in memory, by
 * the rules that all stores share.
 *
 * <p>A batch whose connection is lost is carried out once more, if it is certain that it was not
 * committed. Whether a commit reached the database whose answer did not reach us, is asked of the
 * server.
 */
final class PostgresTransactions implements Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresTransactions.class);
  private static final int TRIES = 2;

  /** What looking up the fate of a commit may take though a batch's time is over. */
  private static final Duration LEAST_FOR_FATE = Duration.ofSeconds(1);

  private static final String STATUS = "SELECT pg_xact_status($1::text::xid8)";

  private enum Fate {
    COMMITTED,
    LOST,
    OPEN
  }

  /** One try: how far it got. */
  private static final class Execution {
    private boolean connected;
    private @Nullable String committing;
    private long seq;
  }

  private final PostgresConnector connector;
  private final PostgresSession session;
  private final PostgresBatches batches;
  private final Published published;
  private final StoreMetrics metrics;
  private final PostgresPruning pruning;

  /**
   * @param session the writer's connection, which is closed with these
   * @param size is told of the feed's size
   */
  PostgresTransactions(
      PostgresConnector connector,
      PostgresSession session,
      PostgresBatches batches,
      Published published,
      StoreMetrics metrics,
      FeedSize size) {
    this.connector = connector;
    this.session = session;
    this.batches = batches;
    this.published = published;
    this.metrics = metrics;
    this.pruning = new PostgresPruning(connector, session, size);
  }

  @Override
  public void carryOut(Batch batch) {
    long start = System.nanoTime();
    List<UserWrite> writes = writesOf(batch);
    Failure failure = write(batch, writes);
    if (failure != null) {
      metrics.failed();
      batch.failed(failure);
      return;
    }
    if (batch.bulk() != null) {
      batch.bulk().committed();
    }
    session.works();
    metrics.committed(System.nanoTime() - start, writes.size());
  }

  private static List<UserWrite> writesOf(Batch batch) {
    List<UserWrite> writes = new ArrayList<>();
    batch.singles().forEach(single -> writes.add(single.write()));
    if (batch.bulk() != null) {
      int limit = batch.singles().isEmpty() ? ALONE_LIMIT : BULK_LIMIT;
      writes.addAll(batch.bulk().upcoming(limit));
    }
    return writes;
  }

  /** Null once the batch is committed; else what its callers are told. */
  private @Nullable Failure write(Batch batch, List<UserWrite> writes) {
    Deadline deadline = Deadline.in(connector.patience());
    PostgresFault fault = PostgresFault.lost("the database can't be reached");
    for (int i = 0; i < TRIES; i++) {
      Execution attempt = new Execution();
      fault = attempt(attempt, batch, writes, deadline);
      if (fault == null) {
        return null;
      }
      session.failed(fault);
      Fate fate = attempt.committing == null ? Fate.LOST : fate(attempt.committing, deadline);
      if (fate == Fate.COMMITTED) {
        published.advance(attempt.seq);
        return null;
      } else if (fate == Fate.OPEN) {
        return fault.outcomeUnknown();
      } else if (!attempt.connected || !fault.cutOff()) {
        return fault.notWritten();
      }
    }
    return fault.notWritten();
  }

  private @Nullable PostgresFault attempt(
      Execution attempt, Batch batch, List<UserWrite> writes, Deadline deadline) {
    try {
      carryOut(attempt, batch, writes, deadline);
      return null;
    } catch (PostgresFault fault) {
      return fault;
    } catch (RuntimeException e) {
      LOG.error("the writer failed", e);
      return PostgresFault.of(e); // What became of the transaction is asked as after any other.
    }
  }

  private void carryOut(Execution attempt, Batch batch, List<UserWrite> writes, Deadline deadline)
      throws PostgresFault {
    PgConnection connection = session.open(deadline);
    attempt.connected = true;
    Loaded loaded = PostgresSession.await(new PostgresLoad(connection, writes).run(), deadline);
    PostgresBatch state = batches.over(connection, loaded, deadline);
    decide(batch, writes.size(), state);
    if (!state.changed()) {
      PostgresSession.await(connection.query("ROLLBACK").execute(), deadline);
      return;
    }
    attempt.seq = state.lastSeq();
    attempt.committing = loaded.transaction();
    batches.commit(connection, state, deadline);
  }

  private static void decide(Batch batch, int count, PostgresBatch state) throws PostgresFault {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    state.attempt(batch.singles(), now);
    PendingBulk bulk = batch.bulk();
    if (bulk == null) {
      return;
    }
    bulk.again();
    for (UserWrite write : bulk.upcoming(count - batch.singles().size())) {
      state.attempt(write, now, bulk);
    }
  }

  /** Asks what became of a transaction whose COMMIT was sent. */
  private Fate fate(String transaction, Deadline deadline) {
    Deadline least = Deadline.in(LEAST_FOR_FATE);
    Deadline until = deadline.isBefore(least) ? least : deadline;
    try {
      while (!until.passed()) {
        String status = status(transaction, until);
        if ("committed".equals(status)) {
          return Fate.COMMITTED;
        } else if ("aborted".equals(status)) {
          return Fate.LOST;
        }
        // It is still in progress, or the server can't be asked yet.
        session.pause(until);
      }
    } catch (PostgresFault interrupted) {
      LOG.debug("the fate of a commit stays open", interrupted);
    }
    return Fate.OPEN;
  }

  private @Nullable String status(String transaction, Deadline until) {
    try {
      Future<RowSet<Row>> answer =
          session.open(until).preparedQuery(STATUS).execute(Tuple.of(transaction));
      return PostgresSession.await(answer, until).iterator().next().getString(0);
    } catch (PostgresFault fault) {
      session.failed(fault);
      return null;
    }
  }

  @Override
  public boolean prune(Instant before) {
    return pruning.run(before);
  }

  @Override
  public void abandon() {
    session.failed(PostgresFault.of(new IllegalStateException("a fault of ours, told before")));
  }

  @Override
  public void close() {
    session.close();
  }
}
