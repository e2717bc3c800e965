package dev.rollcall.store.postgres;

import dev.rollcall.config.Settings;
import dev.rollcall.config.StoreSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL that tests share: one that is started for this JVM, or the one that {@code
 * ROLLCALL_TEST_POSTGRES} names by its URI. They empty its tables.
 *
 * <p>The started one does not wait for the disk. What depends on that starts its own.
 */
public final class PostgresServer {

  private static @Nullable String uri;

  private PostgresServer() {}

  /** The URI of a database that may be emptied. */
  public static synchronized String uri() {
    if (uri == null) {
      String given = System.getenv("ROLLCALL_TEST_POSTGRES");
      uri = given == null ? start() : given;
    }
    return uri;
  }

  private static String start() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("full_page_writes", "off")
              .start();
      return "postgresql://postgres:postgres@127.0.0.1:" + server.getPort() + "/postgres";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How the tests' stores get there. */
  public static StoreSettings.Postgres settings() {
    return settings(uri());
  }

  public static StoreSettings.Postgres settings(String uri, String... more) {
    String[] sets = new String[more.length + 2];
    System.arraycopy(more, 0, sets, 2, more.length);
    sets[0] = "store.kind=postgres";
    sets[1] = "store.uri=" + uri;
    return Settings.of(sets).store().postgres().orElseThrow();
  }

  /** A store on a database, with limits that no test runs into. */
  public static PostgresStore store(Vertx vertx, StoreSettings.Postgres database) {
    return PostgresStore.open(
        vertx,
        new PostgresStore.Options(
            database, 2, 10_000, 1 << 20, Duration.ofDays(30), Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }

  /**
   * Removes all that tests have left behind, from the tables that there are yet. Few rows are
   * deleted, since to truncate a table is to make all of its files anew.
   */
  public static void empty() {
    execute(
        """
        DO $$
        DECLARE
          name text;
          filled boolean;
          large boolean;
        BEGIN
          FOREACH name IN ARRAY ARRAY[
            'users', 'credentials', 'changes', 'retired_ids', 'jobs', 'job_ids', 'job_results',
            'api_keys', 'sessions', 'signing_keys', 'webhooks', 'webhook_parked',
            'webhook_attempts', 'receipt_keys', 'kept_cursors', 'erasures', 'erasure_targets'
          ] LOOP
            IF to_regclass(name) IS NOT NULL THEN
              EXECUTE format('SELECT EXISTS (SELECT FROM %I), EXISTS (SELECT FROM %I OFFSET 50)',
                name, name) INTO filled, large;
              IF large THEN
                EXECUTE format('TRUNCATE %I', name);
              ELSIF filled THEN
                EXECUTE format('DELETE FROM %I', name);
              END IF;
            END IF;
          END LOOP;
          IF to_regclass('counters') IS NOT NULL THEN
            UPDATE counters SET last_seq = 0, next_id = 1, pruned_seq = 0, feed_bytes = 0;
          END IF;
          IF to_regclass('erasures') IS NOT NULL THEN
            UPDATE erasure_holder SET owner = NULL, lease_until = 0;
          END IF;
        END $$\
        """);
  }

  /** Makes a database of its own for a test, and gives its URI. */
  public static String fresh(String name) {
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    execute("CREATE DATABASE " + name);
    return uri().replaceAll("/[^/]*$", "/" + name);
  }

  static void execute(String sql) {
    execute(uri(), sql);
  }

  /** Runs a statement in the database that a URI names. */
  public static void execute(String uri, String sql) {
    try (Connection connection = connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of the first row. */
  public static long number(String uri, String sql) {
    try (Connection connection = connect(uri);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static Connection connect(String uri) throws SQLException {
    StoreSettings.Postgres database = settings(uri);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + database.uri() + "?sslmode=" + database.tls().word(),
        database.user(),
        database.password());
  }
}
