package dev.rollcall.store.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Statements that are sent one after the other, without waiting for what comes back. */
final class PostgresPipeline {
  private final PgConnection connection;
  private final List<Future<?>> answers = new ArrayList<>();

  PostgresPipeline(PgConnection connection) {
    this.connection = connection;
  }

  /** A statement without parameters, such as BEGIN. */
  void control(String sql) {
    answers.add(connection.query(sql).execute());
  }

  Future<RowSet<Row>> send(String sql, Tuple values) {
    Future<RowSet<Row>> answer = connection.preparedQuery(sql).execute(values);
    answers.add(answer);
    return answer;
  }

  /**
   * Ends when every statement is answered; fails as the first of them that failed, since what
   * follows an error within a transaction fails because of it. A COMMIT after an error is answered
   * as if nothing was wrong, though it rolls back: only if all succeeded, it did.
   */
  Future<Void> answered() {
    return Future.join(answers)
        .transform(
            all ->
                answers.stream()
                    .filter(Future::failed)
                    .findFirst()
                    .map(failed -> Future.<Void>failedFuture(failed.cause()))
                    .orElseGet(Future::succeededFuture));
  }
}
