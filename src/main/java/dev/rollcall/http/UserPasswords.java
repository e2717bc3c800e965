package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.users.NewPassword;
import dev.rollcall.users.PasswordReader;
import dev.rollcall.users.Users;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;

/** Setting and verifying passwords. What a client sends here is never logged and never repeated. */
final class UserPasswords {

  private static final List<String> JSON = List.of("application/json");

  private static final Buffer VALID = Buffer.buffer("{\"valid\":true}");
  private static final Buffer INVALID = Buffer.buffer("{\"valid\":false}");

  private final Users users;
  private final int bodyLimit;
  private final HttpSettings settings;

  UserPasswords(Users users, HttpSettings settings) {
    this.users = users;
    this.bodyLimit = settings.bodyLimit();
    this.settings = settings;
  }

  /** {@code PUT /users/{id}/password}. */
  void set(Exchange exchange) {
    long id = id(exchange);
    read(
        exchange,
        body -> {
          NewPassword password = PasswordReader.toSet(body);
          exchange.reply(
              users.setPassword(id, password, address(exchange), exchange.client()),
              done -> exchange.send(204));
        });
  }

  /** {@code POST /users/{id}/password/verify}. */
  void verify(Exchange exchange) {
    long id = id(exchange);
    read(
        exchange,
        body -> {
          String password = PasswordReader.toVerify(body);
          exchange.reply(
              users.verifyPassword(id, password, address(exchange), exchange.client()),
              valid -> exchange.send(200, Fields.JSON, valid ? VALID : INVALID));
        });
  }

  private static long id(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    return RequestFields.id(exchange.pathParameter("id"));
  }

  private void read(Exchange exchange, Consumer<JsonNode> whenRead) {
    MediaTypes.require(exchange, JSON);
    Body.read(exchange, bodyLimit, settings, bytes -> whenRead.accept(StrictJson.read(bytes)));
  }

  private static ClientAddress address(Exchange exchange) {
    return ClientAddress.of(exchange.request().remoteAddress());
  }
}
