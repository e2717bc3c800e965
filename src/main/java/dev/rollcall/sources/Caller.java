package dev.rollcall.sources;

import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * The caller that a source is asked for, as it is passed on.
 *
 * @param requestId names the caller's request in every log
 * @param trace the trace that it belongs to
 * @param span what goes on within is recorded there; null where nothing is recorded
 */
public record Caller(String requestId, TraceContext trace, @Nullable TraceSpan span) {

  /** One of whom nothing is recorded. */
  public Caller(String requestId, TraceContext trace) {
    this(requestId, trace, null);
  }

  /**
   * Whoever sent a request or a message.
   *
   * @param span that of the request; null where nothing is traced
   */
  public static Caller of(String requestId, MultiMap headers, @Nullable TraceSpan span) {
    return span == null
        ? new Caller(requestId, TraceContext.of(headers))
        : new Caller(requestId, span.context(), span.ifRecorded());
  }

  /** The same caller, for what is asked within a span. */
  public Caller within(TraceSpan inner) {
    return new Caller(requestId, inner.context(), inner.ifRecorded());
  }
}
