package dev.rollcall.http.server;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.wire.LogText;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each request, once it has ended, on the logger {@code rollcall.access}. */
public record AccessLog(boolean enabled) {
  private static final Logger LOG = LoggerFactory.getLogger("rollcall.access");
  private static final int LONGEST_METHOD = 32;
  private static final int LONGEST_TARGET = 500;

  /** Whether each request is logged. */
  public boolean isOn() {
    return enabled && LOG.isInfoEnabled();
  }

  /**
   * Logs a request that has ended.
   *
   * @param status 499 when the client hung up before the answer was whole
   */
  void log(Exchange exchange, int status, long nanos) {
    if (!isOn()) {
      return;
    }
    HttpServerRequest request = exchange.request();
    RequestHead head = exchange.head();
    TraceContext own = exchange.ownTrace();
    log(
        new LoggedRequest(
            request.method().name(),
            request.uri(),
            head.id(),
            own == null ? head.traceparent() : own.traceparent(),
            request.remoteAddress(),
            exchange.isBehindProxy() ? exchange.address() : null),
        status,
        head.isHead() ? 0 : exchange.response().bytesWritten(),
        nanos);
  }

  /** Logs a request where {@link #isOn}. */
  public void log(LoggedRequest request, int status, long bytes, long nanos) {
    StringBuilder line = new StringBuilder(200);
    LogText.escape(line, request.method(), LONGEST_METHOD);
    LogText.escape(line.append(' '), LoggedTarget.of(request.target()), LONGEST_TARGET);
    line.append(" status=").append(status).append(" bytes=").append(bytes).append(" ms=");
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    line.append(micros / 1000).append('.');
    // Three digits after the point, without a formatter.
    String fraction = Long.toString(1000 + micros % 1000);
    line.append(fraction, 1, fraction.length()).append(" id=").append(request.id());
    if (request.traceparent() != null) {
      line.append(" trace=").append(request.traceparent());
    }
    line.append(" from=").append(request.from() == null ? "-" : request.from());
    ClientAddress client = request.client();
    if (client != null) {
      line.append(" for=").append(client.text());
    }
    LOG.info("{}", line);
  }
}
