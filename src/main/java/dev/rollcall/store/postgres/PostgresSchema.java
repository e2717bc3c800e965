package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.Migrations;
import dev.rollcall.store.UnfinishedCopy;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/**
 * Looks at a database before it is used, and brings its schema up to date with Flyway.
 *
 * <p>A schema that is current costs two short queries. Where several nodes start at once, one of
 * them migrates while the others wait.
 */
record PostgresSchema(PostgresConnector connector, StoreSettings.Postgres settings) {
  /** pg_xact_status and xid8 are there from 13 on. */
  private static final int OLDEST_SERVER = 130_000;

  private static final String SERVER =
      "SELECT current_setting('server_version_num')::int, current_setting('server_version')";

  private static final String VERSION =
      """
      SELECT version FROM schema_history WHERE success AND version IS NOT NULL
      ORDER BY installed_rank DESC LIMIT 1\
      """;

  private static final String HEAD =
      "SELECT last_seq, md5(current_schema()) FROM counters WHERE one";

  /**
   * Where the feed stands, and what its commits are announced by.
   *
   * @param seq the newest one
   * @param channel differs between the schemas of a database, since notifications reach all of it
   */
  record Head(long seq, String channel) {}

  /**
   * Migrates where needed. Blocks.
   *
   * @throws IllegalStateException with a sentence for the operator
   */
  Head prepare() {
    Deadline deadline = Deadline.in(connector.patience().plus(Duration.ofSeconds(5)));
    PgConnection connection = null;
    try {
      connection = PostgresSession.await(connector.connect(connector.context(), ""), deadline);
      requireServer(connection, deadline);
      if (Migrations.POSTGRES.areDue(name(), version(connection, deadline))) {
        PostgresJdbc.migrate(settings);
      }
      head(connection, Deadline.in(connector.patience()));
      new PostgresEpoch(settings).settle(connection, 0, Deadline.in(connector.patience()));
      return head(connection, Deadline.in(connector.patience()));
    } catch (PostgresFault fault) {
      throw new IllegalStateException(
          "the database " + name() + " can't be opened: " + fault.reason(), fault);
    } finally {
      if (connection != null) {
        connection.close();
      }
    }
  }

  private void requireServer(PgConnection connection, Deadline deadline) throws PostgresFault {
    Row server = first(connection, SERVER, deadline);
    if (server.getInteger(0) < OLDEST_SERVER) {
      throw new IllegalStateException(
          "the database %s is PostgreSQL %s, and 13 or later is needed"
              .formatted(name(), server.getString(1)));
    }
  }

  /** The schema's number; 0 where there is none yet. */
  private static int version(PgConnection connection, Deadline deadline) throws PostgresFault {
    try {
      Future<RowSet<Row>> answer = connection.query(VERSION).execute();
      RowSet<Row> rows = PostgresSession.await(answer, deadline);
      return rows.size() == 0 ? 0 : Integer.parseInt(rows.iterator().next().getString(0));
    } catch (PostgresFault fault) {
      if (fault.noSuchTable()) {
        return 0;
      }
      throw fault;
    }
  }

  private Head head(PgConnection connection, Deadline deadline) throws PostgresFault {
    RowSet<Row> rows = PostgresSession.await(connection.query(HEAD).execute(), deadline);
    if (rows.size() == 0) {
      throw UnfinishedCopy.refusal(name()); // It has no counters until it is finished.
    }
    Row head = rows.iterator().next();
    return new Head(head.getLong(0), "rollcall_" + head.getString(1));
  }

  private static Row first(PgConnection connection, String sql, Deadline deadline)
      throws PostgresFault {
    return PostgresSession.await(connection.preparedQuery(sql).execute(Tuple.tuple()), deadline)
        .iterator()
        .next();
  }

  private String name() {
    return settings.uri().toString();
  }
}
