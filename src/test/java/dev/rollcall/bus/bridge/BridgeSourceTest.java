package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.bus.BusServer;
import dev.rollcall.users.Awaiting;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source of a view whose owner is a client of the bridge, in whatever language. */
class BridgeSourceTest {

  private static final JsonObject PROFILE = new JsonObject().put("id", 1).put("view", "profile");

  @TempDir Path folder;
  private BusServer server;
  private BridgeClient owner;
  private BridgeClient reader;

  @BeforeEach
  void start() {
    server =
        new BusServer(
            folder,
            "bus.bridge.enabled=true",
            "bus.bridge.outbound=rollcall.users.changed,orders.by-user",
            "sources.orders.address=orders.by-user",
            "sources.orders.timeout=2s",
            "sources.orders.breaker.failures=0",
            "views.profile.sources=orders",
            "views.profile.deadline=5s");
    server.call("rollcall.users.put", new JsonObject().put("id", 1).put("name", "Alice"));
    owner = BridgeClient.plain(server.vertx, server.port).listen("orders.by-user");
    reader = BridgeClient.sockJs(server.vertx, server.port);
  }

  @AfterEach
  void stop() throws IOException {
    owner.close();
    reader.close();
    server.close();
  }

  private void fetch() {
    reader.send(
        BridgeClient.message("send", "rollcall.views.fetch", PROFILE).put("replyAddress", "view"));
  }

  private static JsonObject orders(JsonObject view) {
    return view.getJsonObject("sources").getJsonObject("orders");
  }

  @Test
  void itsAnswerStandsInTheView() {
    fetch();
    JsonObject question = owner.next();
    assertThat(question.getString("address")).isEqualTo("orders.by-user");
    assertThat(question.getJsonObject("body"))
        .isEqualTo(new JsonObject().put("id", 1).put("needs", new JsonObject()));
    assertThat(Long.parseLong(question.getJsonObject("headers").getString("deadline-ms")))
        .isBetween(1L, 2000L);
    owner.raw(
        "{\"type\":\"send\",\"address\":\""
            + question.getString("replyAddress")
            + "\",\"body\":[{\"total\":0.1000000000000000000001}]}");
    assertThat(reader.nextText())
        .contains("\"status\":\"ok\"", "\"value\":[{\"total\":0.1000000000000000000001}]");
  }

  @Test
  void itHearsOfTheTraceThatTheReaderIsPartOf() {
    JsonObject trace =
        new JsonObject()
            .put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .put("tracestate", "congo=t61rcWkgMzE")
            .put("baggage", "userId=alice");
    reader.send(
        BridgeClient.message("send", "rollcall.views.fetch", PROFILE)
            .put("headers", trace)
            .put("replyAddress", "view"));
    JsonObject headers = owner.next().getJsonObject("headers");
    assertThat(headers.getMap()).containsAllEntriesOf(trace.getMap());
  }

  @Test
  void itServesOverHttpAsWell() {
    CompletableFuture<HttpResponse<Buffer>> answer =
        CompletableFuture.supplyAsync(
            () -> server.http("GET /users/1/views/profile", null, Map.of()));
    owner.send(
        BridgeClient.message("send", owner.next().getString("replyAddress"), "any JSON value"));
    assertThat(orders(answer.join().bodyAsJsonObject()).getString("value"))
        .isEqualTo("any JSON value");
  }

  @Test
  void whatItHasNotIsAbsentAndAnotherFailureAFailure() {
    for (String[] expected :
        new String[][] {{"404", "absent"}, {"500", "failed"}, {"400", "failed"}}) {
      fetch();
      owner.send(
          BridgeClient.message("send", owner.next().getString("replyAddress"), "no such orders")
              .put("headers", new JsonObject().put("failure-code", expected[0])));
      JsonObject view = reader.next().getJsonObject("body");
      assertThat(orders(view).getString("status")).isEqualTo(expected[1]);
    }
  }

  @Test
  void whenItIsLateItTimedOut() {
    fetch();
    JsonObject question = owner.next();
    assertThat(orders(reader.next().getJsonObject("body")).getString("status"))
        .isEqualTo("timeout");
    owner.send(
        BridgeClient.message("send", question.getString("replyAddress"), 1)
            .put("replyAddress", "late"));
    fetch();
    JsonObject next = owner.next();
    while (!"rec".equals(next.getString("type"))) {
      next = owner.next();
    }
    owner.send(BridgeClient.message("send", next.getString("replyAddress"), "in time"));
    assertThat(orders(reader.next().getJsonObject("body")).getString("value"))
        .as("a late answer is not taken for that of the next question")
        .isEqualTo("in time");
  }

  @Test
  void whenItGoesAwayWhileItIsAskedNobodyWaits() {
    fetch();
    owner.next();
    Awaiting.await(owner.socket.close());
    JsonObject broken = orders(reader.next().getJsonObject("body"));
    assertThat(broken.getString("status")).isEqualTo("failed");
    assertThat(broken.getDouble("ms")).isLessThan(1900);

    fetch();
    JsonObject nobody = orders(reader.next().getJsonObject("body"));
    assertThat(nobody.getString("status")).isEqualTo("failed");
    assertThat(nobody.getString("detail")).isEqualTo("no handler");
  }
}
