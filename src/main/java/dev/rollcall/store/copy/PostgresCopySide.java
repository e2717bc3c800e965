package dev.rollcall.store.copy;

import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.Sql;
import dev.rollcall.store.UnfinishedCopy;
import dev.rollcall.store.copy.CopyTable.Column;
import dev.rollcall.store.postgres.PostgresEpoch;
import dev.rollcall.store.postgres.PostgresJdbc;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL database as one end of a copy. */
final class PostgresCopySide extends CopySide {
  /** Longer than any statement of ours takes, so that a vanished server is noticed at last. */
  private static final int ANSWER_SECONDS = (int) TimeUnit.MINUTES.toSeconds(5);

  /**
   * A copy reads and writes for long, whatever is customary for the server, and what it commits is
   * on the disk. It does not wait for long for those who are in its way.
   */
  private static final String SESSION =
      """
      SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN (
        'statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout');
      SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') IN ('off', 'local');
      SET lock_timeout = '5s';
      """;

  /** Held as long as the connection is, so that there is one copy at a time into a database. */
  private static final String LOCK = "SELECT pg_advisory_lock(7309940829521440364)";

  /** What every writing transaction begins with, so that none gets through while this is held. */
  private static final String HOLD_WRITERS = "SELECT last_seq FROM counters WHERE one FOR SHARE";

  /** The same for those that make and delete keys. */
  private static final String HOLD_KEYS = "SELECT last_id FROM key_numbers FOR SHARE";

  private static final String LOCK_TIMEOUT = "55P03";
  private static final String CHANGED_MEANWHILE = "40001";

  private final String name;

  private PostgresCopySide(String name, Connection connection) throws SQLException {
    super(connection);
    this.name = name;
  }

  /**
   * Opens a database that is to be copied from, and keeps all nodes from writing to it until it is
   * closed; they refuse writes meanwhile. What is read is one state of it.
   *
   * @throws IllegalStateException with a sentence for the operator
   */
  static PostgresCopySide source(StoreSettings.Postgres settings) throws SQLException {
    PostgresCopySide side = connect(settings);
    try {
      if (side.unfinished().isPresent()) {
        throw UnfinishedCopy.refusal(side.name);
      }
      if (!side.hasTable("counters")) {
        throw new IllegalStateException(
            "the database " + side.name + " holds no users of Rollcall");
      }
      side.connection().rollback();
      PostgresJdbc.migrate(settings);
      new PostgresEpoch(settings).settle(0); // As by a start.
      side.connection().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      side.hold(HOLD_WRITERS, "is being written to; stop what serves it");
      side.hold(HOLD_KEYS, "is being written to; stop what serves it");
      return side;
    } catch (SQLException | RuntimeException e) {
      side.closeAfter(e);
      throw e;
    }
  }

  /**
   * Opens a database that is to be copied to, and makes the tables where there are none.
   *
   * @throws IllegalStateException with a sentence for the operator
   */
  static PostgresCopySide target(StoreSettings.Postgres settings) throws SQLException {
    PostgresCopySide side = connect(settings);
    try {
      side.hold(LOCK, "is being copied to already");
      side.connection().commit();
      PostgresJdbc.migrate(settings);
      new PostgresEpoch(settings).settle(0);
      return side;
    } catch (SQLException | RuntimeException e) {
      side.closeAfter(e);
      throw e;
    }
  }

  private static PostgresCopySide connect(StoreSettings.Postgres settings) throws SQLException {
    PGSimpleDataSource database = PostgresJdbc.dataSource(settings);
    database.setReWriteBatchedInserts(true);
    database.setTcpKeepAlive(true);
    database.setSocketTimeout(ANSWER_SECONDS);
    Connection connection = database.getConnection();
    try {
      try (Statement statement = connection.createStatement()) {
        statement.execute(SESSION);
      }
      return new PostgresCopySide("postgresql://" + settings.uri(), connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void hold(String sql, String otherwise) throws SQLException {
    try {
      Sql.execute(connection(), sql);
    } catch (SQLException e) {
      if (LOCK_TIMEOUT.equals(e.getSQLState()) || CHANGED_MEANWHILE.equals(e.getSQLState())) {
        throw new IllegalStateException("the database " + name + " " + otherwise, e);
      }
      throw e;
    }
  }

  private void closeAfter(Exception cause) {
    try {
      close();
    } catch (SQLException | IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  String name() {
    return name;
  }

  @Override
  boolean hasTable(String table) throws SQLException {
    return Sql.number(connection(), "SELECT (to_regclass(?) IS NOT NULL)::int", table) > 0;
  }

  @Override
  String countersInsertion() {
    return "INSERT INTO counters SELECT true, ?, ?, ?,"
        + " coalesce(sum(coalesce(octet_length(user_json), 0) + 100), 0) FROM changes";
  }

  @Override
  String named(Column column) {
    return column.name().equals("user") ? "user_json" : column.name();
  }

  @Override
  String selected(Column column) {
    return column.name().equals("op") ? "uuid_send(op)" : named(column);
  }

  @Override
  String inserted(Column column) {
    return column.name().equals("op") ? "encode(?, 'hex')::uuid" : "?";
  }
}
