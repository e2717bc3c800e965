package dev.rollcall.store.statements;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements over vertx-pg-client.
 *
 * @param <E> what a statement fails with
 */
public record PgStatements<E extends Exception>(Connection<E> connection) implements Statements<E> {
  /** Runs a statement, and waits for its answer. */
  @FunctionalInterface
  public interface Connection<E extends Exception> {
    RowSet<Row> execute(String sql, Tuple values) throws E;
  }

  @Override
  public int update(String sql, @Nullable Object... values) throws E {
    return connection.execute(sql, tuple(values)).rowCount();
  }

  @Override
  public List<@Nullable Object[]> rows(String sql, @Nullable Object... values) throws E {
    return rows(connection.execute(sql, tuple(values)));
  }

  /** Values for a statement. */
  public static Tuple tuple(@Nullable Object... values) {
    Tuple tuple = Tuple.tuple();
    for (Object value : values) {
      tuple.addValue(value instanceof byte[] bytes ? Buffer.buffer(bytes) : value);
    }
    return tuple;
  }

  /** The rows of an answer. */
  public static List<@Nullable Object[]> rows(RowSet<Row> answer) {
    List<@Nullable Object[]> rows = new ArrayList<>(answer.size());
    for (Row row : answer) {
      @Nullable Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        Object value = row.getValue(i);
        values[i] = value instanceof Buffer bytes ? bytes.getBytes() : value;
      }
      rows.add(values);
    }
    return rows;
  }
}
