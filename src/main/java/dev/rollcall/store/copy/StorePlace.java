package dev.rollcall.store.copy;

import dev.rollcall.config.StoreSettings;
import dev.rollcall.store.postgres.PostgresEpoch;
import dev.rollcall.store.sqlite.SqliteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** Where a store is that is copied from or to: a SQLite file or a PostgreSQL database. */
public abstract sealed class StorePlace {
  private StorePlace() {}

  /** A SQLite file. */
  public static StorePlace sqlite(Path file) {
    return new File(file);
  }

  /** A PostgreSQL database. */
  public static StorePlace postgres(StoreSettings.Postgres database) {
    return new Database(database);
  }

  abstract CopySide openSource() throws SQLException;

  abstract CopySide openTarget() throws SQLException;

  /**
   * Begins an epoch of the store there, as after a restore. Blocks.
   *
   * @return the number that its seqs are above from then on
   * @throws IllegalStateException with a sentence for the operator: there is no store, it is in
   *     use, or it can't be written
   */
  public abstract long beginEpoch();

  private static final class File extends StorePlace {
    private final Path path;

    File(Path path) {
      this.path = path.toAbsolutePath().normalize();
    }

    @Override
    CopySide openSource() throws SQLException {
      return SqliteCopySide.source(path);
    }

    @Override
    CopySide openTarget() throws SQLException {
      return SqliteCopySide.target(path);
    }

    @Override
    public long beginEpoch() {
      if (!Files.exists(path)) {
        throw new IllegalStateException("the database " + path + " does not exist");
      }
      try (SqliteFile file = SqliteFile.open(path)) {
        return file.beginEpoch();
      } catch (SQLException e) {
        throw new IllegalStateException(SqliteFile.reason(e), e);
      } catch (IOException e) {
        throw new IllegalStateException("the lock file can't be written: " + e.getMessage(), e);
      }
    }

    @Override
    public String toString() {
      return "sqlite:" + path;
    }
  }

  private static final class Database extends StorePlace {
    private final StoreSettings.Postgres settings;

    Database(StoreSettings.Postgres settings) {
      this.settings = settings;
    }

    @Override
    CopySide openSource() throws SQLException {
      return PostgresCopySide.source(settings);
    }

    @Override
    CopySide openTarget() throws SQLException {
      return PostgresCopySide.target(settings);
    }

    @Override
    public long beginEpoch() {
      try {
        return new PostgresEpoch(settings).begin();
      } catch (SQLException e) {
        throw new IllegalStateException(String.valueOf(e.getMessage()), e);
      }
    }

    @Override
    public String toString() {
      return "postgresql://" + settings.uri();
    }
  }
}
