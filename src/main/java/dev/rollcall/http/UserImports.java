package dev.rollcall.http;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.users.Users;
import java.util.List;

/** {@code POST /users/import}: a user a line, each line for itself. */
final class UserImports implements Endpoint {

  private static final List<String> TYPES = List.of(MediaTypes.NDJSON);

  private final Users users;
  private final HttpSettings settings;

  UserImports(Users users, HttpSettings settings) {
    this.users = users;
    this.settings = settings;
  }

  @Override
  public void answer(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    MediaTypes.require(exchange, TYPES);
    Body.invite(exchange);
    new UserImport(exchange, users, settings).start();
  }
}
