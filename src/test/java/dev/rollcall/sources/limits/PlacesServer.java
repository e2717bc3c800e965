package dev.rollcall.sources.limits;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A server that works on so many requests at once, each for the same time; the others wait in their
 * order, and those that nobody waits for any more are not worked on. It has an event loop of its
 * own.
 */
final class PlacesServer implements AutoCloseable {
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final Deque<Request> queue = new ArrayDeque<>();
  private final long millis;
  private final HttpServer server;
  private volatile int places;
  private int busy;

  PlacesServer(int places, long millis) {
    this.places = places;
    this.millis = millis;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(request -> new Request(request).begin())
            .listen(0, "127.0.0.1")
            .await();
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/{id}";
  }

  void places(int now) {
    places = now;
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private final class Request {
    private final HttpServerRequest request;
    private boolean gone;

    Request(HttpServerRequest request) {
      this.request = request;
    }

    void begin() {
      request.response().exceptionHandler(cut -> gone = true);
      if (busy < places) {
        work();
      } else {
        queue.add(this);
      }
    }

    private void work() {
      busy++;
      vertx.setTimer(millis, done -> worked());
    }

    private void worked() {
      busy--;
      if (!gone) {
        request.response().putHeader("content-type", "application/json").end("true");
      }
      while (busy < places && !queue.isEmpty()) {
        Request next = queue.remove();
        if (!next.gone) {
          next.work();
        }
      }
    }
  }
}
