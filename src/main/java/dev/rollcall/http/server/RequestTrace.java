package dev.rollcall.http.server;

import dev.rollcall.http.connections.RequestMeters;
import dev.rollcall.tracing.CurrentSpan;
import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.tracing.Tracing;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The span of a request, by OpenTelemetry's conventions for HTTP servers. It has the target as the
 * log has it, and neither the query nor where a request comes from, since a trace is kept for
 * longer than a user is.
 */
final class RequestTrace {

  private static final int HUNG_UP = 499;
  private static final int LEAST_FAULT_OF_OURS = 500;
  private static final String UNKNOWN_METHOD = "_OTHER";

  private RequestTrace() {}

  /** Begins it; what is done for the request finds it with {@link CurrentSpan}. */
  static TraceSpan begin(Tracing tracing, HttpServerRequest request) {
    TraceSpan span = tracing.serve("HTTP", TraceContext.of(request.headers()));
    if (span.isRecorded()) {
      CurrentSpan.set(span);
    }
    return span;
  }

  /** Ends that of an exchange, if it has one. */
  static void end(Exchange exchange, int status) {
    TraceSpan span = exchange.span();
    if (span == null) {
      return;
    }
    if (span.isRecorded()) {
      describe(span, exchange, status);
    }
    span.end();
  }

  private static void describe(TraceSpan span, Exchange exchange, int status) {
    HttpServerRequest request = exchange.request();
    HttpMethod method = request.method();
    boolean known = RequestMeters.isKnown(method);
    String route = exchange.route().template();
    boolean matched = !RequestMeters.UNMATCHED.equals(route);
    String verb = known ? method.name() : "HTTP";
    span.named(matched ? verb + " " + route : verb);
    span.set("http.request.method", known ? method.name() : UNKNOWN_METHOD)
        .set("url.path", LoggedTarget.pathOf(request.uri()))
        .set("url.scheme", request.isSSL() ? "https" : "http")
        .set("network.protocol.version", version(request.version()))
        .set("rollcall.request", exchange.head().id());
    if (matched) {
      span.set("http.route", route);
    }
    if (status == HUNG_UP) {
      span.set("error.type", "client_hung_up");
      return;
    }
    span.set("http.response.status_code", status);
    if (status >= LEAST_FAULT_OF_OURS) {
      span.failed(Integer.toString(status));
    }
  }

  private static String version(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2 -> "2";
    };
  }
}
