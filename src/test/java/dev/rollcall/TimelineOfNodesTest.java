package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.cluster.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What views over two nodes tell of attempts at sources that belong to one of them: the times are
 * those of the node where the view runs. Both are in this process, so that one clock shows it.
 */
@Timeout(120)
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimelineOfNodesTest {

  private static final double MILLI = 1_000_000.0;
  private static final double ROUNDED = 0.16;
  private static final int OWN_TIME = 20;

  /** When the upstream was asked and, where it answered, when that was; in {@code nanoTime}. */
  private record Seen(long asked, long answered) {}

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private final List<Seen> http = Collections.synchronizedList(new ArrayList<>());
  private final List<Seen> owned = Collections.synchronizedList(new ArrayList<>());

  /** Has the store and the sources, and serves over the event bus. */
  private Rollcall owner;

  /** Serves over HTTP, and has nothing itself. */
  private Rollcall front;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
    String upstream =
        "http://127.0.0.1:" + result(server.listen(0, "127.0.0.1")).actualPort() + "/{id}";
    List<Integer> ports = FreePorts.find(4);
    String members = "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
    owner =
        node(upstream, members, ports.get(0), ports.get(2), "store.path=" + folder.resolve("r.db"));
    front =
        node(
            upstream,
            members,
            ports.get(1),
            ports.get(3),
            "store.kind=remote",
            "deploy.bus=0",
            "deploy.sources=0");
    result(
        owner
            .vertx()
            .eventBus()
            .<JsonObject>consumer("test.owned", this::answerMessage)
            .completion());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(front.managementPort(), "/health/ready").statusCode() == 200);
    JsonObject user = new JsonObject().put("name", "A");
    result(client.put(owner.httpPort(), "127.0.0.1", "/users/1").sendJsonObject(user));
    // Nodes learn of each other's addresses one by one.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> view(get(front.httpPort(), "/users/1/views/both")).getBoolean("complete"));
  }

  private Rollcall node(String upstream, String members, int port, int busPort, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "sources.http.http=" + upstream,
                "sources.http.retries=1",
                "sources.http.timeout=5s",
                "sources.owned.address=test.owned",
                "sources.owned.hedgeAfter=60ms",
                "sources.owned.timeout=5s",
                "views.both.sources=http,owned",
                "views.both.deadline=10s"));
    all.addAll(List.of(more));
    return result(ClusterNodes.start(members, port, busPort, all));
  }

  @AfterAll
  void stop() {
    result(front.close());
    result(owner.close());
    result(vertx.close());
  }

  @BeforeEach
  void forget() {
    http.clear();
    owned.clear();
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  /** The first one fails, and the next one is answered. */
  private void answer(HttpServerRequest request) {
    long asked = System.nanoTime();
    int status = http.isEmpty() ? 500 : 200;
    vertx.setTimer(
        OWN_TIME,
        due -> {
          http.add(new Seen(asked, System.nanoTime()));
          request
              .response()
              .setStatusCode(status)
              .putHeader("Content-Type", "application/json")
              .end("1");
        });
  }

  /** The first one is never answered. */
  private void answerMessage(Message<JsonObject> message) {
    long asked = System.nanoTime();
    owned.add(new Seen(asked, asked));
    if (owned.size() > 1) {
      message.reply("second");
    }
  }

  private HttpResponse<?> get(int port, String target) {
    return result(client.get(port, "127.0.0.1", target).send());
  }

  private static JsonObject view(HttpResponse<?> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.bodyAsJsonObject();
  }

  private static List<JsonObject> timeline(JsonObject view, String source) {
    JsonArray all = view.getJsonObject("sources").getJsonObject(source).getJsonArray("timeline");
    return all.stream().map(JsonObject.class::cast).toList();
  }

  /** The newest fetch that a node remembers. */
  private JsonObject remembered(Rollcall node) {
    return get(node.managementPort(), "/fetches?limit=1")
        .bodyAsJsonObject()
        .getJsonArray("items")
        .getJsonObject(0);
  }

  /**
   * Whatever the view's clock began with, between when it was asked and when it had ended, the
   * attempts are in order with what their sources saw.
   *
   * @param took the time of the view
   */
  private void compare(JsonObject view, double took, long askedAt, long answeredAt) {
    List<JsonObject> retried = timeline(view, "http");
    assertThat(retried).extracting(each -> each.getString("end")).containsExactly("failed", "ok");
    assertThat(retried).extracting(each -> each.getBoolean("hedge")).containsOnly(false);
    compare(retried, http, took, askedAt, answeredAt);
    List<JsonObject> hedged = timeline(view, "owned");
    assertThat(hedged).extracting(each -> each.getString("end")).containsExactly("cancelled", "ok");
    assertThat(hedged).extracting(each -> each.getBoolean("hedge")).containsExactly(false, true);
    compare(hedged, owned, took, askedAt, answeredAt);
  }

  private static void compare(
      List<JsonObject> attempts, List<Seen> seen, double took, long askedAt, long answeredAt) {
    assertThat(seen).hasSameSizeAs(attempts);
    double latest = (answeredAt - askedAt) / MILLI - took;
    for (int i = 0; i < seen.size(); i++) {
      JsonObject attempt = attempts.get(i);
      double asked = attempt.getDouble("at") + attempt.getDouble("waited");
      double end = attempt.getDouble("at") + attempt.getDouble("ms");
      assertThat(asked).isNotNegative();
      assertThat(end).isLessThanOrEqualTo(took + ROUNDED);
      assertThat((seen.get(i).asked() - askedAt) / MILLI).isGreaterThan(asked - ROUNDED);
      assertThat((seen.get(i).answered() - askedAt) / MILLI).isLessThan(latest + end + ROUNDED);
      if (i > 0) {
        // The way there may take longer the one time than the other.
        double apart = asked - attempts.get(0).getDouble("at");
        assertThat((seen.get(i).asked() - seen.get(0).asked()) / MILLI)
            .isBetween(apart - 500, apart + 500);
      }
    }
  }

  @Test
  void aViewWhoseSourcesAnotherNodeAsks() {
    long askedAt = System.nanoTime();
    JsonObject view = view(get(front.httpPort(), "/users/1/views/both?explain=true"));
    long answeredAt = System.nanoTime();
    JsonObject kept = remembered(front);
    compare(view, kept.getDouble("ms"), askedAt, answeredAt);
    for (String source : List.of("http", "owned")) {
      assertThat(timeline(kept, source)).isEqualTo(timeline(view, source));
    }
  }

  @Test
  void aViewThatAnotherNodeFetches() {
    JsonObject message = new JsonObject().put("id", 1).put("view", "both").put("explain", true);
    long askedAt = System.nanoTime();
    Message<JsonObject> answer =
        result(front.vertx().eventBus().request("rollcall.views.fetch", message));
    long answeredAt = System.nanoTime();
    JsonObject kept = remembered(owner);
    compare(answer.body(), kept.getDouble("ms"), askedAt, answeredAt);
    for (String source : List.of("http", "owned")) {
      assertThat(timeline(kept, source)).isEqualTo(timeline(answer.body(), source));
    }
  }
}
