package dev.rollcall.store.copy;

import dev.rollcall.store.sqlite.SqliteFile;
import dev.rollcall.store.sqlite.SqliteSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** A SQLite file as one end of a copy, held as Rollcall itself holds it: by this process alone. */
final class SqliteCopySide extends CopySide {
  private final SqliteFile file;

  private SqliteCopySide(SqliteFile file, boolean writing) throws SQLException {
    super(writing ? file.writer() : file.reader());
    this.file = file;
  }

  /**
   * Takes a file that is to be copied from. Its schema is brought up to date, as by a start.
   *
   * @throws IllegalStateException with a sentence for the operator: there is no such file, it is in
   *     use, or it is an unfinished copy itself
   */
  static SqliteCopySide source(Path path) throws SQLException {
    if (!Files.exists(path)) {
      throw new IllegalStateException("the database " + path + " does not exist");
    }
    return side(SqliteFile.open(path), false);
  }

  /**
   * Takes a file that is to be copied to, making it where there is none.
   *
   * @throws IllegalStateException with a sentence for the operator
   */
  static SqliteCopySide target(Path path) throws SQLException {
    return side(SqliteFile.openUnfinished(path), true);
  }

  private static SqliteCopySide side(SqliteFile file, boolean writing) throws SQLException {
    try {
      return new SqliteCopySide(file, writing);
    } catch (SQLException | RuntimeException e) {
      try {
        file.close();
      } catch (IOException f) {
        e.addSuppressed(f);
      }
      throw e;
    }
  }

  @Override
  String name() {
    return "sqlite:" + file.path();
  }

  @Override
  String countersInsertion() {
    return "INSERT INTO counters SELECT 1, ?, ?, ?,"
        + " coalesce(sum(coalesce(octet_length(user), 0) + 100), 0) FROM changes";
  }

  @Override
  boolean hasTable(String name) throws SQLException {
    return SqliteSchema.hasTable(connection(), name);
  }

  @Override
  public void close() throws SQLException, IOException {
    try {
      super.close();
    } finally {
      file.close();
    }
  }
}
