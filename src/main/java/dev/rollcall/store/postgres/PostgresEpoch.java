package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.Epoch;
import dev.rollcall.store.Sql;
import dev.rollcall.store.UnfinishedCopy;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a database is the one that was written to last, and begins a new {@link Epoch}
 * where it may have been put back to an earlier state.
 *
 * <p>The table {@code identity} says where it was: a dump that was restored, a copy, a server that
 * was recovered to an earlier moment or promoted are all told by it. So is, by a node that has seen
 * more, a database that has less than that. Files of a server that were put back while no node ran
 * can't be told.
 *
 * <p>It is looked at before a node serves and whenever its writer has connected anew, at the cost
 * of one short query; what follows is done over JDBC under the lock that all writers take, so that
 * of several nodes one begins the epoch and the others find it begun. Safe for use by all threads.
 *
 * @param settings where the database is
 */
public record PostgresEpoch(StoreSettings.Postgres settings) {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresEpoch.class);

  private static final String PLACE =
      "(SELECT rollcall_timeline() AS now_timeline, oid::bigint AS now_database"
          + " FROM pg_database WHERE datname = current_database()) place";

  /**
   * Null where the server takes no writes; else whether the database is the one that was written to
   * last. A row that names another transaction than the one that wrote it was restored.
   */
  private static final String SAME =
      "SELECT CASE WHEN now_timeline IS NOT NULL THEN coalesce((SELECT timeline = now_timeline"
          + " AND database = now_database AND transaction = xmin::text::bigint FROM identity),"
          + " false) AND (SELECT last_seq FROM counters) >= %s END FROM "
          + PLACE;

  private static final String SETTLE =
      """
      INSERT INTO identity SELECT true, now_timeline, now_database,
        (pg_current_xact_id()::text::numeric %% 4294967296)::bigint FROM %s
      ON CONFLICT (one) DO UPDATE SET timeline = excluded.timeline, database = excluded.database,
        transaction = excluded.transaction\
      """
          .formatted(PLACE);

  private static final String COUNTERS =
      "SELECT last_seq, next_id FROM counters WHERE one FOR UPDATE";

  private static final String NEVER_OPENED =
      "SELECT count(*) FROM identity WHERE timeline = '' AND database = 0";

  /** The number that jobs have got to. */
  private static final String JOBS =
      "SELECT greatest(pg_sequence_last_value(pg_get_serial_sequence('jobs', 'id')),"
          + " (SELECT max(id) FROM jobs), 0)";

  /**
   * Begins an epoch where that is called for. Blocks.
   *
   * @param connection of which the database is asked
   * @param seen the newest seq that this process knows to have been given out
   * @return whether it is settled; not so where the server takes no writes for the time being
   */
  boolean settle(PgConnection connection, long seen, Deadline deadline) throws PostgresFault {
    RowSet<Row> rows =
        PostgresSession.await(
            connection.preparedQuery(SAME.formatted("$1")).execute(Tuple.of(seen)), deadline);
    Boolean same = rows.iterator().next().getBoolean(0);
    if (Boolean.FALSE.equals(same)) {
      try {
        settle(seen);
      } catch (SQLException e) {
        throw PostgresFault.of(e);
      }
    }
    return same != null;
  }

  /**
   * Begins an epoch where that is called for, over a connection of its own. Blocks.
   *
   * @param seen the newest seq that is known to have been given out
   */
  public void settle(long seen) throws SQLException {
    try (Connection connection = connect()) {
      State state = lock(connection);
      Boolean same =
          state == null
              ? null
              : Sql.row(connection, row -> (Boolean) row.getObject(1), SAME.formatted("?"), seen);
      if (state == null || same == null || same) {
        connection.rollback();
        return;
      }
      boolean begins = !isFirst(connection, state, seen);
      long floor = begins ? begin(connection, state, seen) : state.lastSeq;
      Sql.execute(connection, SETTLE);
      connection.commit();
      if (begins) {
        LOG.warn(
            "the database {} was put back to an earlier state, or moved: a new epoch begins, with"
                + " seqs above {}",
            settings.uri(),
            floor);
      }
    }
  }

  /**
   * Begins an epoch because the operator says so; the schema is brought up to date before. Blocks.
   *
   * @return the number behind which its seqs are
   * @throws IllegalStateException when there is no store in the database
   */
  public long begin() throws SQLException {
    try (Connection connection = connect()) {
      if (Sql.number(connection, "SELECT (to_regclass('counters') IS NOT NULL)::int") == 0) {
        throw new IllegalStateException(
            "the database " + settings.uri() + " holds no users of Rollcall");
      }
      connection.rollback();
      PostgresJdbc.migrate(settings);
      State state = lock(connection);
      if (state == null) {
        throw UnfinishedCopy.refusal(settings.uri().toString());
      }
      long floor = begin(connection, state, 0);
      Sql.execute(connection, SETTLE);
      connection.commit();
      return floor;
    }
  }

  /** What was given out, as far as the database knows. */
  private record State(long lastSeq, long nextId) {}

  private Connection connect() throws SQLException {
    PGSimpleDataSource database = PostgresJdbc.dataSource(settings);
    int seconds = Math.toIntExact(Math.max(1, settings.timeout().toSeconds()));
    database.setSocketTimeout(2 * seconds);
    database.setOptions("-c lock_timeout=" + seconds + "s");
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  /** Keeps all writers out; null where the store is not whole. */
  private static @Nullable State lock(Connection connection) throws SQLException {
    return Sql.row(connection, row -> new State(row.getLong(1), row.getLong(2)), COUNTERS);
  }

  /** Whether it has just been made or upgraded, or nothing was ever given out. */
  private static boolean isFirst(Connection connection, State state, long seen)
      throws SQLException {
    boolean blank = state.lastSeq == 0 && state.nextId == 1 && Sql.number(connection, JOBS) == 0;
    return seen <= state.lastSeq && (blank || Sql.number(connection, NEVER_OPENED) > 0);
  }

  private static long begin(Connection connection, State state, long seen) throws SQLException {
    Instant now = Instant.now();
    long floor = Epoch.floor(Math.max(state.lastSeq, seen), now);
    Sql.execute(connection, "INSERT INTO epochs VALUES (?, ?)", floor, state.lastSeq);
    Sql.execute(
        connection,
        "UPDATE counters SET last_seq = ?, next_id = ? WHERE one",
        floor,
        Epoch.floor(state.nextId - 1, now) + 1);
    Sql.execute(connection, "UPDATE jobs SET shift = shift + total WHERE ended_at IS NULL");
    Sql.execute(
        connection,
        "SELECT setval(pg_get_serial_sequence('jobs', 'id'), ?)",
        Epoch.floor(Sql.number(connection, JOBS), now));
    Sql.execute(
        connection,
        "UPDATE key_numbers SET last_id = ?",
        Epoch.floor(Sql.number(connection, "SELECT last_id FROM key_numbers"), now));
    Sql.execute(
        connection,
        "UPDATE session_numbers SET revision = ?",
        Epoch.floor(Sql.number(connection, "SELECT revision FROM session_numbers"), now));
    return floor;
  }
}
