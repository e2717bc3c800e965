package dev.rollcall.wire;

import io.vertx.core.MultiMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, and what travels with it (W3C Trace Context and Baggage).
 * Each header is passed on as it came or not at all: one that is malformed is ignored, and so is a
 * {@code tracestate} without a {@code traceparent}. Of one that is too long the last members are
 * left out.
 *
 * @param traceparent null when there is none
 * @param tracestate what each tracing system on the way knows of the trace; null when there is none
 * @param baggage what the services on the way tell each other; null when there is none
 */
public record TraceContext(
    @Nullable String traceparent, @Nullable String tracestate, @Nullable String baggage) {

  /** A request that belongs to no trace. */
  public static final TraceContext NONE = new TraceContext(null, null, null);

  public static final String TRACEPARENT = "traceparent";
  public static final String TRACESTATE = "tracestate";
  public static final String BAGGAGE = "baggage";

  /** What the headers of a request or a message say, whose names are the same. */
  public static TraceContext of(MultiMap headers) {
    String traceparent = RequestHeaders.traceparent(headers.get(TRACEPARENT));
    String tracestate = traceparent == null ? null : ListHeader.TRACESTATE.of(headers, TRACESTATE);
    String baggage = ListHeader.BAGGAGE.of(headers, BAGGAGE);
    return traceparent == null && baggage == null
        ? NONE
        : new TraceContext(traceparent, tracestate, baggage);
  }

  /** Tells each header that there is, by name and value. */
  public void forEach(BiConsumer<String, String> header) {
    tell(header, TRACEPARENT, traceparent);
    tell(header, TRACESTATE, tracestate);
    tell(header, BAGGAGE, baggage);
  }

  private static void tell(BiConsumer<String, String> header, String name, @Nullable String value) {
    if (value != null) {
      header.accept(name, value);
    }
  }
}
