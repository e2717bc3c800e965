package dev.rollcall.operations;

import dev.rollcall.access.AuditLog.Event;

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
            .onSuccess(started -> request.audit(Event.ERASURE_REQUESTED, "user:" + user)),
        started ->
            request.accepted(
                Request.text(started), "/erasures/" + started.required("id").longValue()));
  }

  static void get(Resources resources, Request request) {
    request.reply(resources.keptErasures().get(request.id()), request::document);
  }
}
