package dev.rollcall.http;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.users.Users;
import java.util.function.Consumer;

/** {@code POST /users/import}: a user a line, each line for itself. */
final class UserImports implements Consumer<OperationExchange> {

  private final Users users;
  private final HttpSettings settings;

  UserImports(Users users, HttpSettings settings) {
    this.users = users;
    this.settings = settings;
  }

  @Override
  public void accept(OperationExchange exchange) {
    exchange.requireType();
    Body.invite(exchange);
    new UserImport(exchange, users, settings).start();
  }
}
