package dev.rollcall.store.copy;

import dev.rollcall.config.StoreSettings;
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
    public String toString() {
      return "postgresql://" + settings.uri();
    }
  }
}
