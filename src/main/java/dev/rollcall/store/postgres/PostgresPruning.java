package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.store.FeedSize;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Locale;

/**
 * Removes from the feed what is older than a time, or more than the feed may have, in transactions
 * of their own. Used by the writer's thread.
 *
 * @param size is told of the feed's size
 */
record PostgresPruning(PostgresConnector connector, PostgresSession session, FeedSize size) {
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

  /**
   * Prunes where that is due; a fault is left to the next time.
   *
   * @return whether any change has gone
   */
  boolean run(Instant before) {
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
}
