package dev.rollcall.tracing;

import dev.rollcall.wire.TraceContext;
import org.jspecify.annotations.Nullable;

/** The span of a message of the event bus that somebody waits to be answered. */
public final class MessageTrace {

  private static final int LEAST_FAULT_OF_OURS = 500;

  private MessageTrace() {}

  /**
   * Begins it.
   *
   * @param tracing null where nothing is traced
   * @param address one of few
   * @return null where nothing is traced
   */
  public static @Nullable TraceSpan begin(
      @Nullable Tracing tracing, String address, TraceContext caller) {
    if (tracing == null) {
      return null;
    }
    TraceSpan span = tracing.serve("process " + address, caller);
    if (span.isRecorded()) {
      span.set("messaging.system", "vertx")
          .set("messaging.operation.type", "process")
          .set("messaging.operation.name", "process")
          .set("messaging.destination.name", address);
    }
    return span;
  }

  /**
   * Ends it.
   *
   * @param code that of the reply, one of HTTP's statuses
   */
  public static void end(@Nullable TraceSpan span, int code) {
    if (span == null) {
      return;
    }
    if (span.isRecorded()) {
      span.set("rollcall.code", code);
      if (code >= LEAST_FAULT_OF_OURS) {
        span.failed(Integer.toString(code));
      }
    }
    span.end();
  }
}
