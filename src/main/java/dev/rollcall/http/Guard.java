package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.RequestHeaders;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Decides which requests are let in, and names them. One for each instance. */
final class Guard {

  private final Gate gate;
  private final Connections connections;
  private final AccessLog accessLog;
  private final RequestMeters.Route unmatched;

  /** What our request ids begin with; random, so that instances and runs do not share one. */
  private final String prefix =
      Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36) + '-';

  private long requests;

  Guard(Gate gate, Connections connections, AccessLog accessLog) {
    this.gate = gate;
    this.connections = connections;
    this.accessLog = accessLog;
    this.unmatched = gate.meters().route(RequestMeters.UNMATCHED);
  }

  /** Lets a request in whose route is not known yet; null when it was refused and answered. */
  @Nullable Exchange admit(HttpServerRequest request) {
    return admit(request, unmatched);
  }

  /** Lets a request in; null when it was refused and answered, or when its client is gone. */
  @Nullable Exchange admit(HttpServerRequest request, RequestMeters.Route route) {
    Peer peer = connections.of(request.connection());
    if (peer == null) {
      request.connection().close();
      return null;
    }
    Exchange exchange = new Exchange(this, peer, request, route);
    if (!gate.enter()) {
      exchange.fail(Failure.of(Kind.UNAVAILABLE, "too many requests are at work"));
      return null;
    }
    exchange.count();
    return exchange;
  }

  /** Answers what could not be read as a request. */
  void refuseMalformed(HttpServerRequest request) {
    Peer peer = connections.of(request.connection());
    if (peer == null) {
      request.connection().close();
      return;
    }
    Throwable cause = request.decoderResult().cause();
    Failure failure;
    if (cause instanceof TooLongHttpLineException) {
      failure = Failure.of(Kind.URI_TOO_LONG, "the request's first line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      failure = Failure.of(Kind.HEADERS_TOO_LARGE, "the request's headers are too large");
    } else {
      failure = Failure.of(Kind.INVALID, "the request is not HTTP as RFC 9112 has it");
    }
    new Exchange(this, peer, request, unmatched).failFraming(failure);
  }

  /** The client's request id where it is harmless, else one of ours. */
  String requestId(@Nullable String given) {
    return given != null && RequestHeaders.isRequestId(given)
        ? given
        : prefix + Long.toString(requests++, 36);
  }

  /** A connection goes on with another protocol, and counts until it is closed. */
  void upgraded(HttpConnection connection) {
    connections.upgraded(connection);
  }

  boolean draining() {
    return gate.draining();
  }

  void release() {
    gate.leave();
  }

  void log(Exchange exchange, int status, long nanos) {
    accessLog.log(exchange, status, nanos);
  }
}
