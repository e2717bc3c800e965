package dev.rollcall.sources;

import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.MultiMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The caller that a source is asked for, as it is passed on.
 *
 * @param requestId names the caller's request in every log
 * @param trace the trace that it belongs to
 * @param headers the value of a header that may go along, by its name in lower case; null where
 *     none may
 * @param span what goes on within is recorded there; null where nothing is recorded
 */
public record Caller(
    String requestId,
    TraceContext trace,
    @Nullable TraceSpan span,
    @Nullable Function<String, @Nullable String> headers) {

  /** One of whom nothing is recorded. */
  public Caller(String requestId, TraceContext trace) {
    this(requestId, trace, null, null);
  }

  /**
   * Whoever sent a request or a message.
   *
   * @param span that of the request; null where nothing is traced
   * @param forwarded the value of a header that may go along to sources; null where none may
   */
  public static Caller of(
      String requestId,
      MultiMap headers,
      @Nullable TraceSpan span,
      @Nullable Function<String, @Nullable String> forwarded) {
    return span == null
        ? new Caller(requestId, TraceContext.of(headers), null, forwarded)
        : new Caller(requestId, span.context(), span.ifRecorded(), forwarded);
  }

  /** The same caller, for what is asked within a span. */
  public Caller within(TraceSpan inner) {
    return new Caller(requestId, inner.context(), inner.ifRecorded(), headers);
  }
}
