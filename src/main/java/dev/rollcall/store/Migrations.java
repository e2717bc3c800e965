package dev.rollcall.store;

import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The migrations of each kind of database: files in a folder of the resources, and one in Java.
 *
 * <p>A new migration is a file in {@code db/sqlite} and one in {@code db/postgres}, and their
 * numbers here. The numbers stand here as well so that a start with a current schema need not look
 * through the jar.
 */
public final class Migrations {
  /** Those of a SQLite file. Each ends by setting {@code user_version} to its own number. */
  public static final Migrations SQLITE =
      new Migrations(
          "db/sqlite",
          15,
          new EmailKeyMigration("5", "email GLOB '*[^ -~]*'", "PRAGMA user_version = 5"));

  /** Those of a PostgreSQL database. */
  public static final Migrations POSTGRES =
      new Migrations("db/postgres", 15, new EmailKeyMigration("4", "email ~ '[^ -~]'", "SELECT 1"));

  private final String folder;
  private final int newest;
  private final EmailKeyMigration emailKeys;

  private Migrations(String folder, int newest, EmailKeyMigration emailKeys) {
    this.folder = folder;
    this.newest = newest;
    this.emailKeys = emailKeys;
  }

  /** The number of the newest one, which a current schema has. */
  public int newest() {
    return newest;
  }

  /**
   * Whether a schema lacks some of them.
   *
   * @param database its name, for the operator
   * @param schema its number; 0 where there is none yet
   * @throws IllegalStateException where it is newer than this program
   */
  public boolean areDue(String database, int schema) {
    if (schema > newest) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the database %s has schema %d, and this program knows only up to %d",
              database,
              schema,
              newest));
    }
    return schema < newest;
  }

  /** Flyway with all of them, which lacks the database alone. */
  public FluentConfiguration flyway() {
    return Flyway.configure()
        .locations("classpath:" + folder)
        .table("schema_history")
        .javaMigrations(emailKeys);
  }
}
