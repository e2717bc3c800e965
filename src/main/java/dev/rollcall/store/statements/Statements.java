package dev.rollcall.store.statements;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection within a transaction. Values are bound in the order of their places, {@code $1} and
 * so on, which stand in that order in the text: a {@code Long}, {@code String}, {@code byte[]} or
 * null.
 *
 * @param <E> what a statement fails with
 */
public interface Statements<E extends Exception> {
  /** Runs a statement that writes; how many rows it changed. */
  int update(String sql, @Nullable Object... values) throws E;

  /**
   * Runs a query; all its rows, each with a {@code Long}, {@code String}, {@code byte[]} or null.
   */
  List<@Nullable Object[]> rows(String sql, @Nullable Object... values) throws E;

  /** Runs a query that has a row; the number that stands first in it. */
  default long number(String sql, @Nullable Object... values) throws E {
    return Values.number(rows(sql, values).get(0)[0]);
  }
}
