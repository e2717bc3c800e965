package dev.rollcall.http.server;

import dev.rollcall.wire.LogText;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each request, once it has ended, on the logger {@code rollcall.access}. */
public final class AccessLog {

  private static final Logger LOG = LoggerFactory.getLogger("rollcall.access");
  private static final int LONGEST_METHOD = 32;
  private static final int LONGEST_TARGET = 500;

  private final boolean enabled;

  public AccessLog(boolean enabled) {
    this.enabled = enabled;
  }

  /**
   * Logs a request that has ended.
   *
   * @param status 499 when the client hung up before the answer was whole
   */
  void log(Exchange exchange, int status, long nanos) {
    if (!enabled || !LOG.isInfoEnabled()) {
      return;
    }
    HttpServerRequest request = exchange.request();
    RequestHead head = exchange.head();
    long bytes = head.isHead() ? 0 : exchange.response().bytesWritten();
    StringBuilder line = new StringBuilder(200);
    LogText.escape(line, request.method().name(), LONGEST_METHOD);
    LogText.escape(line.append(' '), LoggedTarget.of(request.uri()), LONGEST_TARGET);
    line.append(" status=").append(status).append(" bytes=").append(bytes).append(" ms=");
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    line.append(micros / 1000).append('.');
    // Three digits after the point, without a formatter.
    String fraction = Long.toString(1000 + micros % 1000);
    line.append(fraction, 1, fraction.length()).append(" id=").append(head.id());
    TraceContext own = exchange.ownTrace();
    String traceparent = own == null ? head.traceparent() : own.traceparent();
    if (traceparent != null) {
      line.append(" trace=").append(traceparent);
    }
    SocketAddress remote = request.remoteAddress();
    line.append(" from=").append(remote == null ? "-" : remote);
    if (exchange.isBehindProxy()) {
      line.append(" for=").append(exchange.address().text());
    }
    LOG.info("{}", line);
  }
}
