package dev.rollcall.wire;

import io.vertx.core.MultiMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a request (W3C Trace Context and Baggage). A malformed header is ignored, and so is
 * a {@code tracestate} without a {@code traceparent}; one that is too long loses its last members.
 *
 * @param traceparent null when there is none
 * @param tracestate null when there is none
 * @param baggage null when there is none
 */
public record TraceContext(
    @Nullable String traceparent, @Nullable String tracestate, @Nullable String baggage) {
  public static final TraceContext NONE = new TraceContext(null, null, null);
  public static final String TRACEPARENT = "traceparent";
  public static final String TRACESTATE = "tracestate";
  public static final String BAGGAGE = "baggage";

  /** Where the id of the trace begins in a {@code traceparent}. */
  public static final int TRACE_ID = 3;

  /** Reads the headers of a request or a message, whose names are the same. */
  public static TraceContext of(MultiMap headers) {
    String traceparent = RequestHeaders.traceparent(headers.get(TRACEPARENT));
    String tracestate = traceparent == null ? null : ListHeader.TRACESTATE.of(headers, TRACESTATE);
    String baggage = ListHeader.BAGGAGE.of(headers, BAGGAGE);
    return traceparent == null && baggage == null
        ? NONE
        : new TraceContext(traceparent, tracestate, baggage);
  }

  /** Calls with the name and value of each header that there is. */
  public void forEach(BiConsumer<String, String> header) {
    give(header, TRACEPARENT, traceparent);
    give(header, TRACESTATE, tracestate);
    give(header, BAGGAGE, baggage);
  }

  private static void give(BiConsumer<String, String> header, String name, @Nullable String value) {
    if (value != null) {
      header.accept(name, value);
    }
  }
}
