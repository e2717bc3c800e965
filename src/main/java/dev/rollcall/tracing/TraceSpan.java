package dev.rollcall.tracing;

import dev.rollcall.wire.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes a while and belongs to a trace. It begins when it is made, and must be
 * ended; what is set after that counts no more. Safe for use by all threads.
 *
 * <p>One that is not recorded, since its trace is not sampled, has an identity to pass on and
 * nothing else; it has no children.
 */
public final class TraceSpan {

  /** Whom it stands between. */
  public enum Kind {
    /** It serves somebody who waits for it. */
    SERVER,
    /** It asks somebody and waits. */
    CLIENT,
    /** It is work within this process. */
    INTERNAL
  }

  private static final TextMapGetter<TraceContext> HEADERS = TraceSpan::header;

  private final Tracer tracer;
  private final Span span;
  private final TraceContext caller;
  private @Nullable TraceContext context;

  private TraceSpan(Tracer tracer, Span span, TraceContext caller) {
    this.tracer = tracer;
    this.span = span;
    this.caller = caller;
  }

  /**
   * A span of a request that has come; a new trace begins where it has none.
   *
   * @param caller what the request said of its trace
   */
  static TraceSpan of(Tracer tracer, String name, Kind kind, TraceContext caller) {
    SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind(kind));
    if (caller.traceparent() == null) {
      return new TraceSpan(tracer, builder.setNoParent().startSpan(), caller);
    }
    Context parent =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), caller, HEADERS);
    return new TraceSpan(tracer, builder.setParent(parent).startSpan(), caller);
  }

  private static @Nullable String header(@Nullable TraceContext given, String name) {
    if (given == null) {
      return null;
    }
    return TraceContext.TRACEPARENT.equals(name) ? given.traceparent() : given.tracestate();
  }

  private static SpanKind kind(Kind kind) {
    return switch (kind) {
      case SERVER -> SpanKind.SERVER;
      case CLIENT -> SpanKind.CLIENT;
      case INTERNAL -> SpanKind.INTERNAL;
    };
  }

  /** A span within this one; only where this one {@link #isRecorded()}. */
  public TraceSpan child(String name, Kind kind) {
    Span begun =
        tracer
            .spanBuilder(name)
            .setSpanKind(kind(kind))
            .setParent(Context.root().with(span))
            .startSpan();
    return new TraceSpan(tracer, begun, caller);
  }

  /** Whether it is recorded, so that more than its identity matters. */
  public boolean isRecorded() {
    return span.isRecording();
  }

  /** This one where it is recorded, to begin others within it. */
  public @Nullable TraceSpan ifRecorded() {
    return span.isRecording() ? this : null;
  }

  /** What to pass on to those who are asked within it; {@code baggage} is that of the caller. */
  public TraceContext context() {
    TraceContext known = context;
    if (known == null) {
      SpanContext own = span.getSpanContext();
      boolean continued = continues(own.getTraceId());
      // Of its other flags some receivers know nothing, and take them for a malformed header.
      String flags = continued ? own.getTraceFlags().asHex() : own.isSampled() ? "01" : "00";
      known =
          new TraceContext(
              "00-" + own.getTraceId() + '-' + own.getSpanId() + '-' + flags,
              continued ? caller.tracestate() : null,
              caller.baggage());
      context = known;
    }
    return known;
  }

  private boolean continues(String traceId) {
    String before = caller.traceparent();
    return before != null && before.startsWith(traceId, TraceContext.TRACE_ID);
  }

  /** Its name, once it is known better. */
  public TraceSpan named(String name) {
    span.updateName(name);
    return this;
  }

  /**
   * Tells something of it.
   *
   * @param attribute one of the few names that the code has
   */
  public TraceSpan set(String attribute, String value) {
    span.setAttribute(SpanKeys.text(attribute), value);
    return this;
  }

  public TraceSpan set(String attribute, long value) {
    span.setAttribute(SpanKeys.number(attribute), value);
    return this;
  }

  public TraceSpan set(String attribute, boolean value) {
    span.setAttribute(SpanKeys.flag(attribute), value);
    return this;
  }

  /**
   * It failed.
   *
   * @param type a name of the kind of failure, of which there are few
   */
  public TraceSpan failed(String type) {
    span.setStatus(StatusCode.ERROR).setAttribute(SpanKeys.text("error.type"), type);
    return this;
  }

  /** It ends now; the first end counts. */
  public void end() {
    span.end();
  }
}
