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
import java.util.Locale;
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

  private static final String OLDEST =
      "SELECT feed_bytes, (SELECT at FROM changes ORDER BY seq LIMIT 1) FROM counters WHERE one";

  private static final String LOCK = "SELECT 1 FROM counters WHERE one FOR UPDATE";

  /**
   * Takes so much at most that it stays short, as {@link FeedSize} has it. Other nodes may have
   * pruned since this one looked, so the excess is what it is once the counters are locked. What
   * was counted is made good where all was seen.
   */
  private static final String PRUNE =
      String.format(
          Locale.ROOT,
          """
          WITH oldest AS (
            SELECT seq, at, coalesce(octet_length(user_json), 0) + %1$d AS size
            FROM changes ORDER BY seq LIMIT %2$d),
          sized AS (
            SELECT seq, at, sum(size) OVER (ORDER BY seq)::bigint AS upto, size FROM oldest),
          excess AS (
            SELECT CASE WHEN feed_bytes > $2 THEN feed_bytes - $3 ELSE 0 END AS bytes
            FROM counters WHERE one),
          chosen AS (
            SELECT seq, upto FROM sized, excess
            WHERE upto - size < %3$d AND (at < $1
              OR (upto - size < bytes AND seq < (SELECT max(seq) FROM sized)))
            ORDER BY seq DESC LIMIT 1),
          pruned AS (DELETE FROM changes USING chosen WHERE changes.seq <= chosen.seq)
          UPDATE counters SET pruned_seq = chosen.seq, feed_bytes =
            CASE WHEN (SELECT count(*) FROM oldest) < %2$d
              THEN (SELECT max(upto) FROM sized) - chosen.upto
              ELSE feed_bytes - chosen.upto END
          FROM chosen WHERE one RETURNING feed_bytes, chosen.upto\
          """,
          FeedSize.ROW,
          FeedSize.STEP_ROWS,
          FeedSize.STEP);

  private enum Fate {
    COMMITTED,
    LOST,
    OPEN
  }

  /** One try: how far it got. */
  private static final class Attempt {
    private boolean connected;
    private @Nullable String committing;
    private long seq;
  }

  private final PostgresConnector connector;
  private final PostgresSession session;
  private final PostgresBatches batches;
  private final Published published;
  private final StoreMetrics metrics;
  private final FeedSize size;

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
    this.size = size;
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
      Attempt attempt = new Attempt();
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
      Attempt attempt, Batch batch, List<UserWrite> writes, Deadline deadline) {
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

  private void carryOut(Attempt attempt, Batch batch, List<UserWrite> writes, Deadline deadline)
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
    Deadline deadline = Deadline.in(connector.patience());
    try {
      PgConnection connection = session.open(deadline);
      return isDue(connection, before, deadline) && prune(connection, before, deadline);
    } catch (PostgresFault fault) {
      session.failed(fault);
      return false;
    }
  }

  /** Whether there is anything to be pruned, as far as can be told without the lock. */
  private boolean isDue(PgConnection connection, Instant before, Deadline deadline)
      throws PostgresFault {
    RowSet<Row> rows = PostgresSession.await(connection.preparedQuery(OLDEST).execute(), deadline);
    if (rows.size() == 0) {
      return false;
    }
    Row found = rows.iterator().next();
    size.is(found.getLong(0));
    Long oldest = found.getLong(1);
    return oldest != null && (oldest < before.toEpochMilli() || size.excess() > 0);
  }

  private boolean prune(PgConnection connection, Instant before, Deadline deadline)
      throws PostgresFault {
    PostgresPipeline pipeline = new PostgresPipeline(connection);
    pipeline.control("BEGIN");
    pipeline.send(LOCK, Tuple.tuple());
    Future<RowSet<Row>> pruned =
        pipeline.send(PRUNE, Tuple.of(before.toEpochMilli(), size.threshold(), size.target()));
    pipeline.control("COMMIT");
    PostgresSession.await(pipeline.answered(), deadline);
    if (pruned.result().size() == 0) {
      return false;
    }
    Row row = pruned.result().iterator().next();
    size.pruned(row.getLong(1));
    size.is(row.getLong(0));
    return true;
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
