package dev.rollcall.store.statements;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way to the tables of a database. Futures complete on the caller's context.
 *
 * @param <E> what a statement fails with
 */
public interface TablePort<E extends Exception> {
  /**
   * What is done in a transaction.
   *
   * @param <T> what comes of it
   */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    /** Does it. It may be done twice, and where it throws, nothing of it stays. */
    T run(Statements<E> statements) throws E;
  }

  /** Does something in a transaction of the writer's. */
  <T> Future<T> write(Work<T, E> work);

  /**
   * Does something in a transaction that has taken the row of {@code key_numbers} first. So nodes
   * that share a database wait for each other, and for a copy that holds the row.
   *
   * @return fails where the row is not there, which says that the store is a part of a copy
   */
  default <T> Future<T> writeInTurn(Work<T, E> work) {
    return write(
        statements -> {
          take(statements, "UPDATE key_numbers SET revision = revision");
          return work.run(statements);
        });
  }

  /** Takes the row of {@code key_numbers} until the transaction ends, by a statement that is so. */
  static <E extends Exception> void take(
      Statements<E> statements, String sql, @Nullable Object... values) throws E {
    if (statements.update(sql, values) == 0) {
      throw Failure.of(Kind.UNAVAILABLE, "not written: the store is being copied to");
    }
  }

  /** Runs a query that sees all that is committed. */
  Future<List<@Nullable Object[]>> read(String sql, @Nullable Object... values);

  /** Runs such a query, and makes something of each row. */
  default <T> Future<List<T>> readAll(
      Function<@Nullable Object[], T> reader, String sql, @Nullable Object... values) {
    return read(sql, values).map(rows -> rows.stream().map(reader).toList());
  }
}
