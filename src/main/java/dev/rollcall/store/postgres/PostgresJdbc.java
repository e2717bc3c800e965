package dev.rollcall.store.postgres;

import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database over JDBC, which blocks: for what happens before the store serves, or without it.
 */
public final class PostgresJdbc {
  /** How long a node waits for another that migrates. */
  private static final String PATIENCE = "SET lock_timeout = '60s'";

  private static final String LOCK = "SELECT pg_advisory_lock(5215183901264118317)";

  private PostgresJdbc() {}

  /** Gives connections as the settings say. */
  public static PGSimpleDataSource dataSource(StoreSettings.Postgres settings) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {settings.uri().host()});
    source.setPortNumbers(new int[] {settings.uri().port()});
    source.setDatabaseName(settings.uri().database());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setApplicationName("rollcall");
    source.setConnectTimeout(Math.toIntExact(Math.max(1, settings.timeout().toSeconds())));
    source.setSslMode(settings.tls().word());
    if (settings.tls().verifies()) {
      settings
          .trust()
          .ifPresentOrElse(
              pem -> source.setSslRootCert(pem.toString()),
              () -> source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory"));
    }
    return source;
  }

  /**
   * Brings the schema up to date, or makes it. Where several nodes start at once, one does and the
   * others wait for it: Flyway's own lock leaves out the making of its table.
   *
   * @throws IllegalStateException where that fails
   */
  public static void migrate(StoreSettings.Postgres settings) {
    // Closing the connection gives the lock up.
    try (Connection guard = dataSource(settings).getConnection();
        Statement statement = guard.createStatement()) {
      statement.execute(PATIENCE);
      statement.execute(LOCK);
      Migrations.POSTGRES
          .flyway()
          .dataSource(dataSource(settings))
          // Beside tables of others, whose versions are none of ours.
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    } catch (FlywayException | SQLException e) {
      throw new IllegalStateException(
          "the schema of the database " + settings.uri() + " can't be brought up to date", e);
    }
  }
}
