package dev.rollcall;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.Settings;
import dev.rollcall.store.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A follower with a kept cursor at two nodes that share a PostgreSQL database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class FollowersOfNodesTest {

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private List<Rollcall> nodes = List.of();

  @BeforeAll
  void start() {
    String uri = PostgresServer.fresh("followers");
    PostgresServer.store(vertx, PostgresServer.settings(uri)).close();
    nodes = await(Future.all(node(uri), node(uri))).list();
  }

  private static Future<Rollcall> node(String uri) {
    return Rollcall.start(
        Settings.of(
            "store.kind=postgres",
            "store.uri=" + uri,
            "http.port=0",
            "management.port=0",
            "deploy.eventLoops=1",
            "log.access=false"));
  }

  @AfterAll
  void stop() {
    nodes.forEach(node -> await(node.close()));
    await(vertx.close());
    PostgresServer.execute(PostgresServer.uri(), "DROP DATABASE IF EXISTS followers WITH (FORCE)");
  }

  private Future<HttpResponse<Buffer>> send(
      int node, String method, String path, @Nullable String body) {
    HttpRequest<Buffer> request =
        client.request(HttpMethod.valueOf(method), nodes.get(node).httpPort(), "127.0.0.1", path);
    return body == null ? request.send() : request.sendJsonObject(new JsonObject(body));
  }

  private JsonObject ask(int node, String method, String path, @Nullable String body) {
    HttpResponse<Buffer> answer = await(send(node, method, path, body));
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isBetween(200, 201);
    return answer.bodyAsJsonObject();
  }

  @Test
  void whatIsWrittenAtOneNodeIsToldAndConfirmedAtTheOther() {
    ask(0, "PUT", "/followers/billing", "{}");
    Future<HttpResponse<Buffer>> poll = send(1, "GET", "/followers/billing/changes?wait=20", null);
    ask(0, "PUT", "/users/1", "{\"name\":\"A\"}");
    JsonObject page = await(poll).bodyAsJsonObject();
    assertThat(page.getJsonArray("items")).hasSize(1);
    String confirmed = "{\"seq\":" + page.getLong("next") + "}";
    ask(1, "POST", "/followers/billing/position", confirmed);
    JsonObject stands = ask(0, "GET", "/followers/billing", null);
    assertThat(stands.getLong("position")).isEqualTo(page.getLong("next"));
    assertThat(stands.getLong("lag")).isZero();
  }
}
