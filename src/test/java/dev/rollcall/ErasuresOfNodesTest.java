package dev.rollcall;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.Settings;
import dev.rollcall.store.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An erasure at two nodes that share a PostgreSQL database. */
@Tag("slow")
class ErasuresOfNodesTest {
  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private final List<Rollcall> nodes = new ArrayList<>();
  private volatile int status = 503;

  @BeforeEach
  void start() {
    HttpServer source =
        await(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().setStatusCode(status).end())
                .listen(0, "127.0.0.1"));
    String uri = PostgresServer.fresh("erasures");
    PostgresServer.store(vertx, PostgresServer.settings(uri)).close();
    for (int i = 0; i < 2; i++) {
      nodes.add(await(node(uri, "http://127.0.0.1:" + source.actualPort() + "/{id}")));
    }
  }

  private static Future<Rollcall> node(String uri, String source) {
    return Rollcall.start(
        Settings.of(
            "store.kind=postgres",
            "store.uri=" + uri,
            "http.port=0",
            "management.port=0",
            "deploy.eventLoops=1",
            "sources.account.http=" + source,
            "sources.account.erase.http=" + source,
            "log.access=false"));
  }

  @AfterEach
  void stop() {
    nodes.forEach(node -> await(node.close()));
    await(vertx.close());
    PostgresServer.execute(PostgresServer.uri(), "DROP DATABASE IF EXISTS erasures WITH (FORCE)");
  }

  private HttpResponse<Buffer> send(
      Rollcall node, String method, String path, @Nullable String body) {
    var request = client.request(HttpMethod.valueOf(method), node.httpPort(), "127.0.0.1", path);
    return await(body == null ? request.send() : request.sendJsonObject(new JsonObject(body)));
  }

  private String state(Rollcall node, boolean ofTarget) {
    JsonObject erasure = send(node, "GET", "/erasures/1", null).bodyAsJsonObject();
    return (ofTarget ? erasure.getJsonArray("targets").getJsonObject(0) : erasure)
        .getString("state");
  }

  private void awaitState(Rollcall node, boolean ofTarget, String state)
      throws InterruptedException {
    for (int i = 0; i < 600 && !state(node, ofTarget).equals(state); i++) {
      Thread.sleep(50);
    }
    assertThat(state(node, ofTarget)).isEqualTo(state);
  }

  @Test
  void whatOneNodeBeganAnotherOneEnds() throws InterruptedException {
    Rollcall first = nodes.get(0);
    Rollcall second = nodes.get(1);
    String user = "{\"name\":\"A\"}";
    assertThat(send(first, "PUT", "/users/1", user).statusCode()).isEqualTo(201);
    HttpResponse<Buffer> begun = send(first, "POST", "/users/1/erasure", null);
    assertThat(begun.statusCode()).isEqualTo(202);
    assertThat(begun.getHeader("Location")).isEqualTo("/erasures/1");
    assertThat(send(second, "GET", "/users/1", null).statusCode()).isEqualTo(404);
    assertThat(send(second, "PUT", "/users/1", user).statusCode()).isEqualTo(409);
    assertThat(send(second, "POST", "/users/1/erasure", null).getHeader("Location"))
        .isEqualTo("/erasures/1");
    awaitState(second, true, "failed");
    status = 204;
    await(first.close());
    nodes.remove(first);
    // At once where the first one held it; otherwise when the source is due again, after 5 s.
    awaitState(second, false, "complete");
    assertThat(send(second, "PUT", "/users/1", user).statusCode()).isEqualTo(201);
  }
}
