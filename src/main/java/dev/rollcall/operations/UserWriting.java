package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.Scope;
import dev.rollcall.access.SelfRights;
import dev.rollcall.operations.Request.Target;
import dev.rollcall.users.DraftReader;
import dev.rollcall.users.UserWrite;
import dev.rollcall.wire.RequestHeaders;
import java.util.UUID;

/** Writing one user. Everything that the headers can be refused for comes before the body. */
final class UserWriting {

  private UserWriting() {}

  static void create(Resources resources, Request request) {
    UUID op = RequestHeaders.idempotencyKey(request.headers());
    request.body(
        body -> write(resources, request, new UserWrite.Create(DraftReader.create(body), op)));
  }

  static void put(Resources resources, Request request) {
    Target to = request.target();
    request.body(
        body ->
            write(
                resources,
                request,
                new UserWrite.Put(
                    to.id(), DraftReader.replace(body, to.id()), to.condition(), to.op())));
  }

  static void patch(Resources resources, Request request) {
    Target to = request.target();
    request.body(
        body -> {
          requireOwn(request, body);
          write(
              resources,
              request,
              new UserWrite.Patch(
                  to.id(), DraftReader.patch(body, to.id()), to.condition(), to.op()));
        });
  }

  /** A user who changes himself may change what the settings list. */
  private static void requireOwn(Request request, JsonNode body) {
    SelfRights self = request.principal().self();
    if (self != null) {
      body.fieldNames()
          .forEachRemaining(
              name -> {
                if (!self.patch().contains(name)) {
                  request.principal().require(Scope.USERS_WRITE.text());
                }
              });
    }
  }

  static void delete(Resources resources, Request request) {
    Target to = request.target();
    write(resources, request, new UserWrite.Delete(to.id(), to.condition(), to.op()));
  }

  private static void write(Resources resources, Request request, UserWrite write) {
    UserWrite attributed = write.from(request.principal().name());
    request.reply(resources.users().write(attributed), request::written);
  }
}
