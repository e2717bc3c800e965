package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bus.BusServer;
import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When sockets end, and how much of what they may have. */
@Tag("slow")
class BridgeLimitsTest {

  private static final String PLAIN = "/eventbus/websocket";
  private static final String LISTEN =
      "{\"type\":\"register\",\"address\":\"test.news\",\"replyAddress\":\"r\"}";
  private static final String GET =
      "{\"type\":\"send\",\"address\":\"rollcall.users.get\",\"body\":{\"id\":7},"
          + "\"replyAddress\":\"r\"}";

  @TempDir Path folder;
  private final List<BusServer> started = new ArrayList<>();

  private BusServer start(String... sets) {
    String[] all = new String[sets.length + 2];
    all[0] = "bus.bridge.enabled=true";
    all[1] = "bus.bridge.outbound=test.news,test.more,test.source";
    System.arraycopy(sets, 0, all, 2, sets.length);
    BusServer server = new BusServer(folder, all);
    started.add(server);
    return server;
  }

  @AfterEach
  void stop() throws IOException {
    for (BusServer server : started) {
      server.close();
    }
  }

  private static void eventually(BooleanSupplier condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition::getAsBoolean);
  }

  private static double cuts(BusServer server, String reason) {
    return server.registry.get("rollcall.bridge.cut").tag("reason", reason).counter().count();
  }

  private static BridgeClient client(BusServer server) {
    return BridgeClient.plain(server.vertx, server.port);
  }

  @Test
  void whoReadsNothingOfWhatIsPublishedIsCutOff() throws IOException {
    BusServer server = start("bus.bridge.backlog=64KiB");
    JsonObject news = new JsonObject().put("text", "x".repeat(10_000));
    try (WireSocket deaf = new WireSocket(server.port, PLAIN);
        BridgeClient other = client(server)) {
      deaf.text(LISTEN).next(WireSocket.TEXT);
      other.listen("test.news");
      int published = 0;
      while (cuts(server, "slow") == 0) {
        server.vertx.eventBus().publish("test.news", news);
        published++;
        assertThat(other.next().getJsonObject("body")).isEqualTo(news);
      }
      assertThat(published).isGreaterThan(6);
      eventually(() -> server.bridge.sockets() == 1);
      assertThat(deaf.ends()).isTrue();
    }
  }

  @Test
  void whoReadsNothingOfWhatItAskedForIsReadNoMoreAndThenCutOff() throws IOException {
    BusServer server =
        start(
            "bus.bridge.pingInterval=500ms",
            "bus.bridge.pingTimeout=2s",
            "bus.bridge.rate=1000000");
    try (WireSocket deaf = new WireSocket(server.port, PLAIN)) {
      Thread asking = new Thread(() -> askUntilClosed(deaf));
      asking.start();
      eventually(() -> cuts(server, "slow") + cuts(server, "idle") > 0);
      assertThat(cuts(server, "idle")).as("it was heard all the time").isZero();
      eventually(() -> !asking.isAlive());
      eventually(() -> server.bridge.sockets() == 0);
    }
  }

  private static void askUntilClosed(WireSocket socket) {
    try {
      while (true) {
        socket.text(GET);
      }
    } catch (IOException e) {
      // That is what was waited for.
    }
  }

  @Test
  void whoIsNotHeardOfIsAskedAndThenCutOff() throws IOException {
    BusServer server = start("bus.bridge.pingInterval=200ms", "bus.bridge.pingTimeout=2s");
    try (WireSocket silent = new WireSocket(server.port, PLAIN);
        BridgeClient answering = client(server)) {
      assertThat(silent.next().opcode()).isEqualTo(WireSocket.PING);
      WireSocket.Frame close = silent.next(WireSocket.CLOSE);
      assertThat(close.code()).isEqualTo(1008);
      assertThat(close.reason()).isEqualTo("nothing was heard for too long");
      assertThat(silent.ends()).isTrue();
      assertThat(cuts(server, "idle")).isEqualTo(1);
      assertThat(answering.ask("rollcall.users.get", new JsonObject().put("id", 7)))
          .as("who answers pings stays")
          .isNotNull();
    }
  }

  @Test
  void thereAreSoManySocketsAndSoManyOfOneClient() throws IOException {
    BusServer server = start("bus.bridge.sockets=3", "bus.bridge.socketsPerClient=2");
    try (WireSocket first = new WireSocket(server.port, PLAIN);
        WireSocket second = new WireSocket(server.port, PLAIN)) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(101);
      try (WireSocket third = new WireSocket(server.port, PLAIN)) {
        assertThat(third.status()).isEqualTo(503);
      }
    }
    eventually(() -> server.bridge.sockets() == 0);
    try (WireSocket again = new WireSocket(server.port, PLAIN)) {
      assertThat(again.status()).isEqualTo(101);
    }
    assertThat(server.registry.get("rollcall.bridge.turned.away").counter().count()).isEqualTo(1);
  }

  @Test
  void aSocketListensAndWaitsOnlySoOften() {
    BusServer server = start("bus.bridge.handlers=2", "bus.bridge.inbound=test.silent,test.other");
    server.vertx.eventBus().<Object>consumer("test.silent", message -> {});
    try (BridgeClient client = client(server)) {
      client.listen("test.news").listen("test.more");
      for (int i = 0; i < 1000; i++) {
        client.send(BridgeClient.message("register", "test.source", null));
        assertThat(client.next().getString("body")).isEqualTo("max_handlers_reached");
      }
      client.send(BridgeClient.message("register", "test.news", null).put("replyAddress", "r"));
      JsonObject again = client.next();
      assertThat(again.getString("body")).isEqualTo("address_already_registered");
      assertThat(again.getString("address")).isEqualTo("r");
      assertThat(client.ask("test.other", 1).getString("body")).isEqualTo("max_handlers_reached");

      client.send(BridgeClient.message("unregister", "test.news", null).put("replyAddress", "u"));
      assertThat(client.next().getString("address")).isEqualTo("u");
      client.send(BridgeClient.message("send", "test.silent", 1).put("replyAddress", "never"));
      assertThat(client.ask("test.other", 1).getString("body")).isEqualTo("max_handlers_reached");
    }
    eventually(() -> server.bridge.sockets() == 0);
  }

  @Test
  void onlySoMuchMayBeLeftUnanswered() {
    BusServer server = start("bus.bridge.handlers=2");
    try (BridgeClient client = client(server)) {
      client.listen("test.source");
      Future<Message<Object>> first = server.vertx.eventBus().request("test.source", 1);
      Future<Message<Object>> second = server.vertx.eventBus().request("test.source", 2);
      String name = client.next().getString("replyAddress");
      client.next();
      assertThat(BusServer.failure(server.vertx.eventBus().request("test.source", 3)))
          .isEqualTo("429 too much is left unanswered there");
      client.send(BridgeClient.message("send", name, "one"));
      assertThat(Awaiting.await(first).body()).isEqualTo("one");
      Awaiting.await(client.socket.close());
      assertThat(BusServer.failure(second)).isEqualTo("503 whoever listened there is gone");
    }
  }

  @Test
  void aReplyMayTakeOnlySoLong() {
    BusServer server = start("bus.bridge.replyTimeout=300ms", "bus.bridge.inbound=test.silent");
    server.vertx.eventBus().<Object>consumer("test.silent", message -> {});
    try (BridgeClient client = client(server)) {
      JsonObject late = client.ask("test.silent", 1);
      assertThat(late.getString("failureType")).isEqualTo("TIMEOUT");
      client.listen("test.source");
      server.vertx.eventBus().request("test.source", 1).onComplete(reply -> {});
      String name = client.next().getString("replyAddress");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> "access_denied".equals(client.ask(name, 1).getString("body")));
    }
  }

  @Test
  void whatIsNoJsonIsAFailureForWhoeverWaits() {
    BusServer server = start("bus.bridge.inbound=test.odd");
    server.vertx.eventBus().<Object>consumer("test.odd", question -> question.reply(Double.NaN));
    try (BridgeClient client = client(server)) {
      JsonObject failure = client.ask("test.odd", 1);
      assertThat(failure.getInteger("failureCode")).isEqualTo(502);
      client.listen("test.source");
      server.vertx.eventBus().publish("test.source", Double.NaN);
      assertThat(BusServer.failure(server.vertx.eventBus().request("test.source", Double.NaN)))
          .isEqualTo("502 what was sent is not JSON");
      server.vertx.eventBus().publish("test.source", new JsonArray().add(1));
      assertThat(client.next().getJsonArray("body")).containsExactly(1);
      server.vertx.eventBus().publish("test.source", Buffer.buffer("abc"));
      assertThat(client.next().getString("body")).isEqualTo("YWJj");
    }
  }

  @Test
  void atTheEndEachClientHasWhatItWaitsForAndIsTold() {
    BlockingQueue<Message<Object>> questions = new LinkedBlockingQueue<>();
    BusServer server = start("bus.bridge.inbound=test.slow");
    server.vertx.eventBus().<Object>consumer("test.slow", questions::add);
    try (BridgeClient waiting = client(server);
        BridgeClient idle = client(server);
        BridgeClient sockJs = BridgeClient.sockJs(server.vertx, server.port)) {
      waiting.listen("test.source");
      sockJs.listen("test.news");
      waiting.send(BridgeClient.message("send", "test.slow", 1).put("replyAddress", "slow"));
      eventually(() -> !questions.isEmpty());

      Future<Void> ending = server.vertx.undeploy(server.httpDeployment);
      eventually(() -> idle.socket.isClosed());
      assertThat(idle.socket.closeStatusCode()).isEqualTo((short) 1001);
      assertThat(sockJs.nextText()).isEqualTo("c[1001,\"this node is ending\"]");
      assertThat(waiting.ask("test.slow", 2).getString("body")).isEqualTo("ending");
      assertThat(waiting.socket.isClosed()).isFalse();

      questions.remove().reply("done");
      assertThat(waiting.next().getString("body")).isEqualTo("done");
      eventually(() -> waiting.socket.isClosed());
      assertThat(waiting.socket.closeStatusCode()).isEqualTo((short) 1001);
      Awaiting.await(ending);
      assertThat(cuts(server, "ending")).isEqualTo(3);
    }
  }

  @Test
  void whoWaitsForMoreThanTheEndLeavesTimeForIsToldAsWell() {
    BusServer server = start("bus.bridge.inbound=test.silent", "shutdown.drain=1s");
    server.vertx.eventBus().<Object>consumer("test.silent", message -> {});
    try (BridgeClient waiting = client(server);
        BridgeClient sockJs = BridgeClient.sockJs(server.vertx, server.port)) {
      for (BridgeClient each : List.of(waiting, sockJs)) {
        each.send(BridgeClient.message("send", "test.silent", 1).put("replyAddress", "never"));
        // What comes after it has been read as well once it is refused.
        assertThat(each.ask("test.other", 1).getString("body")).isEqualTo("access_denied");
      }
      Awaiting.await(server.vertx.undeploy(server.httpDeployment));
      assertThat(sockJs.nextText()).isEqualTo("c[1001,\"this node is ending\"]");
      eventually(() -> waiting.socket.isClosed());
      assertThat(waiting.socket.closeStatusCode()).isEqualTo((short) 1001);
      assertThat(cuts(server, "ending")).isEqualTo(2);
    }
  }
}
