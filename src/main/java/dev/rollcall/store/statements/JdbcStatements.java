package dev.rollcall.store.statements;

import dev.rollcall.store.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements over JDBC. Blocks.
 *
 * @param touched is told before each statement that writes
 */
public record JdbcStatements(Connection connection, Runnable touched)
    implements Statements<SQLException> {
  @Override
  public int update(String sql, @Nullable Object... values) throws SQLException {
    touched.run();
    try (PreparedStatement statement = Sql.prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  @Override
  public List<@Nullable Object[]> rows(String sql, @Nullable Object... values) throws SQLException {
    return rows(connection, sql, values);
  }

  /** Reads outside of a transaction. */
  public static List<@Nullable Object[]> rows(
      Connection connection, String sql, @Nullable Object... values) throws SQLException {
    return Sql.rows(connection, JdbcStatements::values, sql, values);
  }

  private static @Nullable Object[] values(ResultSet row) throws SQLException {
    @Nullable Object[] values = new Object[row.getMetaData().getColumnCount()];
    for (int i = 0; i < values.length; i++) {
      Object value = row.getObject(i + 1);
      values[i] = value instanceof Number number ? Long.valueOf(number.longValue()) : value;
    }
    return values;
  }
}
