package dev.rollcall.ops;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads the body of a request that needs none to its end, before the request is carried out: one
 * that is broken off or malformed is not. Bounded in bytes and time.
 */
final class UnusedBody {

  private static final int LIMIT = 64 * 1024;
  private static final long TIMEOUT_MILLIS = 10_000;

  private final HttpServerRequest request;
  private final Promise<Void> whole = Promise.promise();
  private long bytes;

  private UnusedBody(HttpServerRequest request) {
    this.request = request;
  }

  /**
   * Waits for the end of a request's body, if it has one.
   *
   * @return fails with a {@link Failure} after which the connection is to be closed; never
   *     completes when the client goes
   */
  static Future<Void> end(Vertx vertx, HttpServerRequest request) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    if (!chunked && (length == null || length.equals("0"))) {
      return Future.succeededFuture();
    }
    return new UnusedBody(request).read(vertx);
  }

  private Future<Void> read(Vertx vertx) {
    request.handler(
        chunk -> {
          bytes += chunk.length();
          if (bytes > LIMIT) {
            refuse(Kind.TOO_LARGE, "the body must have at most " + LIMIT + " bytes");
          }
        });
    request.endHandler(end -> whole.tryComplete());
    request.exceptionHandler(
        broken -> refuse(Kind.INVALID, "the body's chunks are malformed, or it was broken off"));
    long timer =
        vertx.setTimer(
            TIMEOUT_MILLIS,
            late -> refuse(Kind.REQUEST_TIMEOUT, "the body did not arrive in time"));
    return whole.future().onComplete(ended -> vertx.cancelTimer(timer));
  }

  private void refuse(Kind kind, String detail) {
    whole.tryFail(Failure.of(kind, detail));
  }
}
