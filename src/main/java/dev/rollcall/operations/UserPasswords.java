package dev.rollcall.operations;

import dev.rollcall.access.AuditLog;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.users.NewPassword;
import io.vertx.core.buffer.Buffer;

/** Setting and verifying passwords. What a caller sends here is never logged and never repeated. */
final class UserPasswords {

  private static final Buffer VALID = Buffer.buffer("{\"valid\":true}");
  private static final Buffer INVALID = Buffer.buffer("{\"valid\":false}");

  private UserPasswords() {}

  static void set(Resources resources, Request request) {
    long id = request.id();
    request.body(
        body ->
            request.reply(
                resources
                    .users()
                    .setPassword(id, NewPassword.read(body), request.address(), request.client())
                    .onSuccess(done -> log(request, id)),
                done -> request.nothing()));
  }

  private static void log(Request request, long id) {
    AuditLog.log(Event.PASSWORD_SET, request.principal().name(), "user:" + id, request.address());
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
