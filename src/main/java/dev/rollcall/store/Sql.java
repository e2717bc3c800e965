package dev.rollcall.store;

import dev.rollcall.users.ChangePage;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Statements over JDBC that are too rare to be kept prepared. Values are bound in their order: a
 * {@code Long}, {@code Integer}, {@code String}, {@code byte[]} or null. Blocks.
 */
public final class Sql {
  /** A page ends where its texts exceed so many bytes, so that pages of large ones stay small. */
  public static final int PAGE_BYTES = ChangePage.MOST_BYTES;

  /**
   * Up to so many users of a name prefix are found through the index of names and then sorted by
   * id. A prefix that more share is found by walking along the ids, where one in so many rows fits.
   */
  public static final int RARE = 10_000;

  /** Makes something of the row that a result stands on. */
  public interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Sql() {}

  /** The 16 bytes of a UUID, the highest first. */
  public static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /** A statement with its values. */
  public static PreparedStatement prepare(
      Connection connection, String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  /** All rows. */
  public static <T> List<T> rows(
      Connection connection, Reader<T> reader, String sql, @Nullable Object... values)
      throws SQLException {
    return page(connection, reader, item -> 0, sql, values);
  }

  /** The first rows, until their sizes exceed {@link #PAGE_BYTES}. */
  public static <T> List<T> page(
      Connection connection,
      Reader<T> reader,
      ToIntFunction<T> size,
      String sql,
      @Nullable Object... values)
      throws SQLException {
    List<T> items = new ArrayList<>();
    int bytes = 0;
    try (PreparedStatement statement = prepare(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      while (bytes < PAGE_BYTES && rows.next()) {
        T item = reader.read(rows);
        items.add(item);
        bytes += size.applyAsInt(item);
      }
    }
    return items;
  }

  /** The first row; null where there is none. */
  public static <T> @Nullable T row(
      Connection connection, Reader<T> reader, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? reader.read(row) : null;
    }
  }

  /** The number that stands first in the first row; 0 where there is none. */
  public static long number(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    Long number = row(connection, row -> row.getLong(1), sql, values);
    return number == null ? 0 : number;
  }

  /** Executes a statement, whatever it returns. */
  public static void execute(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      statement.execute();
    }
  }
}
