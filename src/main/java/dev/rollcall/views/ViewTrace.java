package dev.rollcall.views;

import dev.rollcall.base.Failure;
import dev.rollcall.tracing.TraceSpan;
import io.vertx.core.AsyncResult;

/** The span of a view, within which its sources are asked. */
final class ViewTrace {
  private static final int OK = 200;
  private static final int UNEXPECTED = 500;

  private ViewTrace() {}

  static TraceSpan begin(TraceSpan parent, ViewRequest request, long id) {
    String name = request.view().name();
    return parent
        .child("view " + name, TraceSpan.Kind.INTERNAL)
        .set("rollcall.view", name)
        .set("rollcall.mode", View.json(request.mode()))
        .set("rollcall.user", id);
  }

  static void end(TraceSpan span, ViewRequest request, AsyncResult<ViewAnswer> result) {
    int status;
    if (result.succeeded()) {
      Failure failure = result.result().failure();
      status = failure == null ? OK : failure.kind().status();
      span.set("rollcall.complete", result.result().complete());
    } else {
      boolean hungUp = request.client().cancelled();
      status = hungUp ? Verdict.NOBODY_WAITED : status(result.cause());
    }
    span.set("rollcall.status", status);
    if (status >= UNEXPECTED) {
      span.failed(Integer.toString(status));
    }
    span.end();
  }

  /** That of HTTP for a view that could not be fetched. */
  static int status(Throwable cause) {
    return cause instanceof Failure failure ? failure.kind().status() : UNEXPECTED;
  }
}
