package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.rollcall.cluster.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Webhooks and followers as callers of a node have them that has no store: another node of the
 * cluster keeps them, and delivers.
 */
@Timeout(120)
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FollowersWithoutStoreTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  /** What a receiver got. */
  private record Delivery(HttpHeaders headers, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }

    String id() {
      return headers.firstValue("webhook-id").orElseThrow();
    }

    String user() {
      return json().getJsonObject("data").getJsonObject("user").getString("name");
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private final List<Delivery> delivered = new CopyOnWriteArrayList<>();

  /** Has the store. */
  private Rollcall owner;

  /** Has none, and is the one that is asked. */
  private Rollcall front;

  private String receiver = "";
  private String one = "";
  private String other = "";

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    HttpServer server = vertx.createHttpServer().requestHandler(this::receive);
    receiver = "http://127.0.0.1:" + result(server.listen(0, "127.0.0.1")).actualPort() + "/";
    List<Integer> ports = FreePorts.find(4);
    String members = "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
    owner =
        node(
            members,
            ports.get(0),
            ports.get(2),
            "store.path=" + folder.resolve("r.db"),
            "webhooks.allow=127.0.0.0/8");
    front = node(members, ports.get(1), ports.get(3), "store.kind=remote", "deploy.bus=0");
    // Nodes learn of each other's addresses one by one.
    await()
        .atMost(LONG)
        .until(
            () ->
                send(ADMIN, "GET", "/webhooks", null).statusCode() == 200
                    && send(ADMIN, "GET", "/followers", null).statusCode() == 200
                    && send(ADMIN, "GET", "/keys", null).statusCode() == 200);
    one = key("one");
    other = key("other");
  }

  private static Rollcall node(String members, int port, int busPort, String... more) {
    List<String> all = new ArrayList<>(List.of("auth.kind=required", "auth.adminKey=" + ADMIN));
    all.addAll(List.of(more));
    return result(ClusterNodes.start(members, port, busPort, all));
  }

  private String key(String name) {
    String body = "{\"name\":\"" + name + "\",\"scopes\":[\"webhooks\",\"users:read\"]}";
    return ok(ADMIN, "POST", "/keys", body).getString("key");
  }

  @AfterAll
  void stop() {
    result(front.close());
    result(owner.close());
    result(vertx.close());
  }

  @BeforeEach
  void forget() {
    delivered.clear();
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Map<String, List<String>> headers = new TreeMap<>();
              request
                  .headers()
                  .forEach(each -> headers.put(each.getKey(), List.of(each.getValue())));
              delivered.add(
                  new Delivery(HttpHeaders.of(headers, (name, value) -> true), body.toString()));
              request.response().end();
            });
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  private Future<HttpResponse<Buffer>> begin(
      String key, String method, String path, @Nullable String body) {
    HttpRequest<Buffer> request =
        client
            .request(HttpMethod.valueOf(method), front.httpPort(), "127.0.0.1", path)
            .bearerTokenAuthentication(key);
    return body == null ? request.send() : request.sendJsonObject(new JsonObject(body));
  }

  private HttpResponse<Buffer> send(String key, String method, String path, @Nullable String body) {
    return result(begin(key, method, path, body));
  }

  private int status(String key, String method, String path, @Nullable String body) {
    return send(key, method, path, body).statusCode();
  }

  private JsonObject ok(String key, String method, String path, @Nullable String body) {
    HttpResponse<Buffer> answer = send(key, method, path, body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isBetween(200, 201);
    return answer.bodyAsJsonObject();
  }

  private void put(int user, String name) {
    assertThat(status(ADMIN, "PUT", "/users/" + user, "{\"name\":\"" + name + "\"}"))
        .isIn(200, 201);
  }

  private void awaitDelivered(int count) {
    await().atMost(LONG).until(() -> delivered.size() >= count);
    assertThat(delivered).hasSize(count);
  }

  private static List<String> names(JsonObject list) {
    return list.getJsonArray("items").stream()
        .map(each -> ((JsonObject) each).getString("name"))
        .toList();
  }

  @Test
  void aWebhookIsDeclaredReadChangedPausedResumedAndDeleted() {
    String body =
        new JsonObject().put("url", receiver).put("payload", "full").put("by", true).encode();
    HttpResponse<Buffer> declared = send(one, "PUT", "/webhooks/a", body);
    assertThat(declared.statusCode()).as(declared.bodyAsString()).isEqualTo(201);
    assertThat(declared.getHeader("Location")).isEqualTo("/webhooks/a");
    JsonArray secrets = declared.bodyAsJsonObject().getJsonArray("secrets");
    assertThat(secrets).hasSize(1);
    JsonObject read = ok(one, "GET", "/webhooks/a", null);
    assertThat(read.getString("state")).isEqualTo("delivering");
    assertThat(read.getString("createdBy")).startsWith("key:");
    assertThat(read.containsKey("secrets")).isFalse();
    assertThat(names(ok(one, "GET", "/webhooks", null))).containsExactly("a");

    put(1, "Ada");
    awaitDelivered(1);
    Delivery first = delivered.get(0);
    assertThatCode(
            () -> new Webhook(secrets.getString(0)).verify(first.body(), first.headers().map()))
        .doesNotThrowAnyException();
    assertThat(first.user()).isEqualTo("Ada");
    changeIt(body);
    pauseAndResumeIt();
    readItsAttempts();

    assertThat(status(one, "DELETE", "/webhooks/a", null)).isEqualTo(204);
    assertThat(status(one, "DELETE", "/webhooks/a", null)).isEqualTo(404);
    assertThat(status(one, "GET", "/webhooks/a", null)).isEqualTo(404);
    assertThat(names(ok(one, "GET", "/webhooks", null))).isEmpty();
  }

  private void changeIt(String body) {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    JsonObject changed =
        new JsonObject(body)
            .put("kinds", new JsonArray().add("updated"))
            .put("secrets", new JsonArray().add(secret));
    HttpResponse<Buffer> answer = send(one, "PUT", "/webhooks/a", changed.encode());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.bodyAsString()).doesNotContain("whsec_");
    assertThat(answer.bodyAsJsonObject().getJsonArray("kinds")).containsExactly("updated");
    put(2, "Not sent, since it is created");
    put(1, "Ada Lovelace");
    awaitDelivered(2);
    Delivery second = delivered.get(1);
    assertThat(second.user()).isEqualTo("Ada Lovelace");
    assertThatCode(() -> new Webhook(secret).verify(second.body(), second.headers().map()))
        .doesNotThrowAnyException();
  }

  private void pauseAndResumeIt() {
    JsonObject paused = ok(one, "POST", "/webhooks/a/pause", null);
    assertThat(paused.getString("state")).isEqualTo("paused");
    put(1, "Ada, while it is paused");
    assertThat(ok(one, "GET", "/webhooks/a", null).getLong("lag")).isPositive();
    assertThat(ok(one, "POST", "/webhooks/a/resume", null).getString("state"))
        .isEqualTo("delivering");
    awaitDelivered(3);
    assertThat(delivered.get(2).user()).isEqualTo("Ada, while it is paused");
  }

  private void readItsAttempts() {
    await()
        .atMost(LONG)
        .until(
            () -> ok(one, "GET", "/webhooks/a/attempts", null).getJsonArray("items").size() == 3);
    JsonObject tested = ok(one, "POST", "/webhooks/a/test", null);
    assertThat(tested.getInteger("status")).isEqualTo(200);
    assertThat(delivered.get(3).json().getString("type")).isEqualTo("webhook.test");
    JsonArray attempts = ok(one, "GET", "/webhooks/a/attempts", null).getJsonArray("items");
    assertThat(attempts.getJsonObject(0)).isEqualTo(tested);
    assertThat(attempts.getJsonObject(1).getString("id")).isEqualTo(delivered.get(2).id());
    assertThat(ok(one, "POST", "/webhooks/a/replay", "{\"after\":0}").getLong("position")).isZero();
    await().atMost(LONG).until(() -> delivered.size() == 6);
  }

  @Test
  void whatIsWrongIsAnsweredAsANodeWithTheStoreAnswers() {
    String body = new JsonObject().put("url", receiver).encode();
    HttpResponse<Buffer> beyond =
        send(one, "PUT", "/webhooks/b", new JsonObject(body).put("after", 1 << 30).encode());
    assertThat(beyond.statusCode()).isEqualTo(400);
    assertThat(beyond.bodyAsString()).contains("/after");
    assertThat(status(one, "PUT", "/webhooks/b", body)).isEqualTo(201);
    assertThat(status(other, "PUT", "/webhooks/b", body)).isEqualTo(409);
    for (String action : List.of("/pause", "/resume", "/test")) {
      assertThat(status(other, "POST", "/webhooks/b" + action, null)).as(action).isEqualTo(404);
    }
    assertThat(status(other, "GET", "/webhooks/b", null)).isEqualTo(404);
    assertThat(status(other, "GET", "/webhooks/b/attempts", null)).isEqualTo(404);
    assertThat(status(other, "DELETE", "/webhooks/b", null)).isEqualTo(404);
    assertThat(names(ok(other, "GET", "/webhooks", null))).isEmpty();
    assertThat(names(ok(ADMIN, "GET", "/webhooks", null))).contains("b");
    assertThat(status(ADMIN, "DELETE", "/webhooks/b", null)).isEqualTo(204);
  }

  @Test
  void aFollowerIsMadeWaitsConfirmsIsMovedAndDeleted() {
    HttpResponse<Buffer> made = send(one, "PUT", "/followers/f", "{}");
    assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
    Future<HttpResponse<Buffer>> poll =
        begin(one, "GET", "/followers/f/changes?limit=10&wait=30", null);
    put(11, "Grace");
    JsonObject page = result(poll).bodyAsJsonObject();
    assertThat(page.getJsonArray("items")).hasSize(1);
    long next = page.getLong("next");
    assertThat(ok(one, "GET", "/followers/f", null).getLong("lag")).isEqualTo(1);
    JsonObject confirmed = ok(one, "POST", "/followers/f/position", "{\"seq\":" + next + "}");
    assertThat(confirmed.getLong("position")).isEqualTo(next);
    assertThat(confirmed.getLong("lag")).isZero();
    assertThat(ok(one, "POST", "/followers/f/position", "{\"seq\":0}").getLong("position"))
        .isEqualTo(next);
    assertThat(names(ok(one, "GET", "/followers", null))).containsExactly("f");
    assertThat(names(ok(other, "GET", "/followers", null))).isEmpty();
    assertThat(status(other, "GET", "/followers/f", null)).isEqualTo(404);
    assertThat(status(other, "PUT", "/followers/f", "{}")).isEqualTo(409);
    assertThat(status(one, "POST", "/followers/f/position", "{\"seq\":1073741824}")).isEqualTo(410);

    JsonObject back = ok(one, "PUT", "/followers/f", "{\"after\":" + (next - 1) + "}");
    assertThat(back.getLong("position")).isEqualTo(next - 1);
    JsonObject again = ok(one, "GET", "/followers/f/changes", null);
    assertThat(again.getJsonArray("items")).isEqualTo(page.getJsonArray("items"));
    ok(one, "POST", "/followers/f/position", "{\"seq\":" + next + "}");
    Future<HttpResponse<Buffer>> waiting = begin(one, "GET", "/followers/f/changes?wait=60", null);
    assertThat(status(one, "DELETE", "/followers/f", null)).isEqualTo(204);
    assertThat(result(waiting).statusCode()).isEqualTo(404);
    assertThat(status(one, "GET", "/followers/f", null)).isEqualTo(404);
  }
}
