package dev.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.EntityTags;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.RequestHeaders;
import dev.rollcall.wire.StrictJson;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writing one user. Everything that the headers can be refused for comes before the body. */
final class UserWriting {

  private static final List<String> WHOLE = List.of(MediaTypes.JSON);
  private static final List<String> PATCHES = List.of(MediaTypes.MERGE_PATCH, MediaTypes.JSON);

  private final Users users;
  private final int bodyLimit;
  private final HttpSettings settings;

  UserWriting(Users users, HttpSettings settings) {
    this.users = users;
    this.bodyLimit = settings.bodyLimit();
    this.settings = settings;
  }

  /** {@code POST /users}. */
  void create(Exchange exchange) {
    QueryParameters.none(exchange.request().query());
    UUID op = RequestHeaders.idempotencyKey(exchange.requestHeaders());
    read(exchange, WHOLE, body -> new UserWrite.Create(DraftReader.create(body), op));
  }

  /** {@code PUT /users/{id}}. */
  void put(Exchange exchange) {
    Target target = Target.of(exchange);
    read(
        exchange,
        WHOLE,
        body ->
            new UserWrite.Put(
                target.id, DraftReader.replace(body, target.id), target.condition, target.op));
  }

  /** {@code PATCH /users/{id}}. */
  void patch(Exchange exchange) {
    Target target = Target.of(exchange);
    read(
        exchange,
        PATCHES,
        body ->
            new UserWrite.Patch(
                target.id, DraftReader.patch(body, target.id), target.condition, target.op));
  }

  /** {@code DELETE /users/{id}}. */
  void delete(Exchange exchange) {
    Target target = Target.of(exchange);
    write(exchange, new UserWrite.Delete(target.id, target.condition, target.op));
  }

  private void read(Exchange exchange, List<String> types, Function<JsonNode, UserWrite> reader) {
    MediaTypes.require(exchange, types);
    Body.read(
        exchange,
        bodyLimit,
        settings,
        bytes -> write(exchange, reader.apply(StrictJson.read(bytes))));
  }

  private void write(Exchange exchange, UserWrite write) {
    exchange.reply(users.write(write), outcome -> written(exchange, outcome));
  }

  private static void written(Exchange exchange, WriteOutcome outcome) {
    exchange.revalidated();
    if (outcome.kind() == WriteOutcome.Kind.DELETED) {
      exchange.send(204);
      return;
    }
    User user = outcome.user();
    MultiMap headers = exchange.response().headers();
    headers.set(HttpHeaders.ETAG, EntityTags.of(user.seq()));
    boolean created = outcome.kind() == WriteOutcome.Kind.CREATED;
    if (created) {
      headers.set(HttpHeaders.LOCATION, "/users/" + user.id());
    }
    exchange.send(created ? 201 : 200, Fields.JSON, user.json());
  }

  /** What a write to a named user says apart from its body. */
  private record Target(long id, Precondition condition, @Nullable UUID op) {

    /**
     * Reads the path and the headers.
     *
     * @throws Failure where one is malformed
     */
    static Target of(Exchange exchange) {
      QueryParameters.none(exchange.request().query());
      MultiMap headers = exchange.requestHeaders();
      return new Target(
          RequestFields.id(exchange.pathParameter("id")),
          EntityTags.precondition(headers),
          RequestHeaders.idempotencyKey(headers));
    }
  }
}
