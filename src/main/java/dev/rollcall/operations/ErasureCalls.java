package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.AuditLog;
import dev.rollcall.access.AuditLog.Event;
import io.vertx.core.buffer.Buffer;

/** Erasures: asking for one, and reading it. */
final class ErasureCalls {

  private ErasureCalls() {}

  /** A repeated request is logged as well. */
  static void start(Resources resources, Request request) {
    long user = request.id();
    request.reply(
        resources
            .keptErasures()
            .start(user, request.principal().name())
            .onSuccess(
                started ->
                    AuditLog.log(
                        Event.ERASURE_REQUESTED,
                        request.principal().name(),
                        "user:" + user,
                        request.address())),
        started ->
            request.accepted(text(started), "/erasures/" + started.required("id").longValue()));
  }

  static void get(Resources resources, Request request) {
    request.reply(
        resources.keptErasures().get(request.id()), found -> request.document(text(found)));
  }

  private static Buffer text(JsonNode json) {
    return Buffer.buffer(json.toString());
  }
}
