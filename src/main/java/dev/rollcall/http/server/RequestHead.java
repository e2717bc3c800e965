package dev.rollcall.http.server;

import dev.rollcall.wire.RequestHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a request says that matters to each of them.
 *
 * @param id the client's name for the request, or ours
 * @param traceparent the trace that it belongs to, well-formed; null when there is none
 * @param contentLength bytes of the body; -1 when it comes in chunks or can't be told, 0 when there
 *     is none
 * @param isHead whether the answer is to have no body
 * @param expects whether the client may be waiting to be told to send its body
 */
public record RequestHead(
    String id, @Nullable String traceparent, long contentLength, boolean isHead, boolean expects) {

  /** A body up to this many bytes is read and dropped rather than a connection closed. */
  private static final long SMALL = 64 * 1024;

  static RequestHead of(HttpServerRequest request, RequestAdmission<?> admission) {
    MultiMap headers = request.headers();
    return new RequestHead(
        admission.requestId(headers.get(Fields.REQUEST_ID)),
        RequestHeaders.traceparent(headers.get(Fields.TRACEPARENT)),
        contentLength(headers),
        HttpMethod.HEAD.equals(request.method()),
        // A client of HTTP/1.0 knows no answer before the answer (RFC 9110, 10.1.1).
        headers.contains(HttpHeaders.EXPECT) && request.version() != HttpVersion.HTTP_1_0);
  }

  private static long contentLength(MultiMap headers) {
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      // Netty refuses such a request, and the answer to that comes through here.
      return -1;
    }
  }

  public boolean hasBody() {
    return contentLength != 0;
  }

  /** Whether what is left of the body is sure to come, and soon enough to wait for it. */
  boolean isSmall() {
    return contentLength >= 0 && contentLength <= SMALL && !expects;
  }
}
