package dev.rollcall.http;

import dev.rollcall.access.Principal;
import dev.rollcall.access.RecentCredentials;
import dev.rollcall.wire.RequestHeaders;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.BiConsumer;

/**
 * Takes requests from their connections: each once its client reads what it was sent before, and
 * once it is known who asks, which most are told at once. Until then nothing more is read of it.
 *
 * @param next is given each request, and who asks; that is complete, and failed where the request
 *     has no credential that holds
 */
record RequestIntake(
    RecentCredentials credentials, BiConsumer<HttpServerRequest, Future<Principal>> next)
    implements Handler<HttpServerRequest> {
  @Override
  public void handle(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2 && request.response().writeQueueFull()) {
      putOff(request);
      return;
    }
    Future<Principal> caller =
        credentials.identify(RequestHeaders.values(request.headers(), HttpHeaders.AUTHORIZATION));
    if (caller.isComplete()) {
      next.accept(request, caller);
      return;
    }
    request.pause();
    caller.onComplete(
        known -> {
          next.accept(request, caller);
          // It has ended where its stream was reset meanwhile.
          if (!request.isEnded()) {
            request.resume();
          }
        });
  }

  /**
   * Leaves a request for later whose client sends many at once and reads few of the answers. As
   * long as it is not answered, Vert.x reads no further one from its connection. Of HTTP/2 there
   * are only so many at once.
   */
  private void putOff(HttpServerRequest request) {
    request.pause();
    request
        .response()
        .drainHandler(
            drained -> {
              request.response().drainHandler(null);
              handle(request);
              request.resume();
            });
  }
}
