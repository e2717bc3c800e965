package dev.rollcall.http;

import dev.rollcall.users.Users;
import java.util.function.Consumer;

/** {@code GET /users/export}: all users as lines of JSON, in the order of their ids. */
final class UserExports implements Consumer<OperationExchange> {

  private final Users users;

  UserExports(Users users) {
    this.users = users;
  }

  @Override
  public void accept(OperationExchange exchange) {
    // Taken before the first row is read: what is written from here on may or may not be among the
    // rows, and applying the changes after this position brings the copy up to date either way.
    String position = Long.toString(users.position());
    if (exchange.head().isHead()) {
      exchange.response().headers().set(Fields.CHANGES_AFTER, position);
      exchange.stream(Fields.NDJSON).end();
    } else {
      new UserExport(exchange, users, position).start();
    }
  }
}
