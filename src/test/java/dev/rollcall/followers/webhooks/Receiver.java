package dev.rollcall.followers.webhooks;

import static dev.rollcall.users.Awaiting.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A receiver of webhooks, which notes what it gets and answers as it is told to. */
final class Receiver {
  /** What came, in the order in which it came. */
  record Delivery(Map<String, String> headers, String body, boolean taken) {
    JsonObject json() {
      return new JsonObject(body);
    }

    JsonObject data() {
      return json().getJsonObject("data");
    }

    long user() {
      return data().getLong("id");
    }

    long seq() {
      return data().getLong("seq");
    }

    String id() {
      return headers.getOrDefault("webhook-id", "");
    }
  }

  final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile BiConsumer<HttpServerRequest, JsonObject> behaviour =
      (r, b) -> r.response().end();

  Receiver(Vertx vertx) {
    server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> request.body().onSuccess(body -> received(request, body)))
                .listen(0, "127.0.0.1"));
  }

  private void received(HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new java.util.TreeMap<>();
    request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    request
        .response()
        .endHandler(
            end ->
                deliveries.add(
                    new Delivery(
                        headers, body.toString(), request.response().getStatusCode() / 100 == 2)));
    behaviour.accept(request, body.toJsonObject());
  }

  /** Answers so from now on; the second argument is the body. */
  void behave(BiConsumer<HttpServerRequest, JsonObject> other) {
    behaviour = other;
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/hook?key=1";
  }

  /** Those that it took. */
  List<Delivery> taken() {
    return deliveries.stream().filter(Delivery::taken).toList();
  }

  static void answer(HttpServerRequest request, int status) {
    request.response().setStatusCode(status).end();
  }
}
