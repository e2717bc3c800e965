package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.access.SelfRights;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.NewPassword;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Setting and verifying passwords. What a caller sends here is never logged and never repeated. */
final class UserPasswords {

  private static final Buffer VALID = Buffer.buffer("{\"valid\":true}");
  private static final Buffer INVALID = Buffer.buffer("{\"valid\":false}");

  private UserPasswords() {}

  static void set(Resources resources, Request request) {
    long id = request.id();
    SelfRights self = request.principal().self();
    request.body(
        body ->
            request.reply(
                (self == null
                        ? set(resources, request, id, body)
                        : change(resources, request, id, body))
                    .onSuccess(done -> request.audit(Event.PASSWORD_SET, "user:" + id)),
                done -> request.nothing()));
  }

  private static Future<Void> set(Resources resources, Request request, long id, JsonNode body) {
    return resources
        .users()
        .setPassword(id, NewPassword.read(body), request.address(), request.client());
  }

  /** A user who changes his own password knows the one that he has. */
  private static Future<Void> change(Resources resources, Request request, long id, JsonNode body) {
    String current = NewPassword.readCurrent(body);
    NewPassword wanted = NewPassword.readOwn(body);
    return resources
        .users()
        .verifyPassword(id, current, request.address(), request.client())
        .compose(
            right ->
                right
                    ? resources.users().setPassword(id, wanted, request.address(), request.client())
                    : Future.failedFuture(
                        Failure.of(Kind.FORBIDDEN, "the current password is another one")));
  }

  static void verify(Resources resources, Request request) {
    long id = request.id();
    request.body(
        body ->
            request.reply(
                resources
                    .users()
                    .verifyPassword(
                        id, NewPassword.readToVerify(body), request.address(), request.client()),
                valid -> request.document(valid ? VALID : INVALID)));
  }
}
