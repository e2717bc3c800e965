package dev.rollcall.store.copy;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table on its way from one store to another, and into a digest.
 *
 * <p>Numbers are {@code Long}, texts and bytes are UTF-8 and {@code byte[]}, so that both stores'
 * rows are the same where they mean the same.
 */
final class CopyRow {
  private final List<CopyTable.Column> columns;
  private final @Nullable Object[] values;

  private CopyRow(List<CopyTable.Column> columns, @Nullable Object[] values) {
    this.columns = columns;
    this.values = values;
  }

  /** The row that a result stands on; its columns are the table's, in their order. */
  static CopyRow read(CopyTable table, ResultSet row) throws SQLException {
    List<CopyTable.Column> columns = table.columns();
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(columns.get(i).type(), row, i + 1);
    }
    return new CopyRow(columns, values);
  }

  private static @Nullable Object value(CopyTable.Type type, ResultSet row, int index)
      throws SQLException {
    return switch (type) {
      case NUMBER -> {
        long number = row.getLong(index);
        yield row.wasNull() ? null : number;
      }
      case TEXT -> {
        String text = row.getString(index);
        yield text == null ? null : text.getBytes(StandardCharsets.UTF_8);
      }
      case BYTES -> row.getBytes(index);
    };
  }

  /** Binds the values to an insertion of all columns. */
  void bind(PreparedStatement insert) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      switch (columns.get(i).type()) {
        case NUMBER -> {
          if (value == null) {
            insert.setNull(i + 1, Types.BIGINT);
          } else {
            insert.setLong(i + 1, (Long) value);
          }
        }
        case TEXT ->
            insert.setString(
                i + 1, value == null ? null : new String((byte[]) value, StandardCharsets.UTF_8));
        case BYTES -> insert.setBytes(i + 1, (byte[]) value);
      }
    }
  }

  /** How much room it takes, about. */
  int bytes() {
    int bytes = 0;
    for (Object value : values) {
      bytes += value instanceof byte[] content ? content.length : Long.BYTES;
    }
    return bytes;
  }

  /** The values in the order of the columns: {@code Long}, {@code byte[]} or null. */
  @Nullable Object[] values() {
    return values;
  }
}
