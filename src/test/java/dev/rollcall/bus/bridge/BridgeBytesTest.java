package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bus.BusServer;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many bytes of what clients ask are in memory at once. */
@Tag("slow")
class BridgeBytesTest {

  private static final String CREATE = "rollcall.users.create";

  /** Users whose writes wait until they are let go. */
  private static final class Held extends UsersBetween {
    final Queue<Promise<WriteOutcome>> writes = new ConcurrentLinkedQueue<>();

    Held(Users users) {
      super(users);
    }

    @Override
    public Future<WriteOutcome> write(UserWrite write) {
      Promise<WriteOutcome> promise = Promise.promise();
      writes.add(promise);
      return promise.future();
    }

    void letGo() {
      for (Promise<?> next = writes.poll(); next != null; next = writes.poll()) {
        next.fail("secret");
      }
    }
  }

  @TempDir Path folder;
  private final Held[] held = new Held[1];

  private BusServer start(String... sets) {
    String[] all = new String[sets.length + 1];
    all[0] = "bus.bridge.enabled=true";
    System.arraycopy(sets, 0, all, 1, sets.length);
    return new BusServer(folder, users -> held[0] = new Held(users), all);
  }

  /** With room for one large message of a client, and for two that come in. */
  private BusServer startForTwo() {
    return start("bus.bridge.messageLimit=1MiB", "http.receiveLimit=4MiB");
  }

  /** Has a client send so much that awaits its reply that another one has no room for as much. */
  private void holdMost(BridgeClient client) {
    client.send(create(900_000).put("replyAddress", "first"));
    await().until(() -> held[0].writes.size() == 1);
  }

  private static JsonObject create(int bytes) {
    JsonObject attributes = new JsonObject().put("notes", "n".repeat(bytes));
    JsonObject user = new JsonObject().put("name", "A").put("attributes", attributes);
    return BridgeClient.message("send", CREATE, user);
  }

  @Test
  void aSocketIsReadNoFurtherWhileTooMuchOfItHasNoReply() throws IOException {
    try (BusServer server = start("bus.bridge.messageLimit=150KiB");
        BridgeClient client = BridgeClient.plain(server.vertx, server.port);
        BridgeClient other = BridgeClient.plain(server.vertx, server.port)) {
      client.send(create(100_000)); // Who wants no reply holds as much.
      client.send(create(100_000).put("replyAddress", "second"));
      client.send(create(100_000).put("replyAddress", "third"));
      await().until(() -> held[0].writes.size() == 2);
      for (int i = 0; i < 10; i++) {
        assertThat(other.ask("rollcall.users.get", new JsonObject().put("id", 1)).getMap())
            .containsEntry("failureCode", 404);
      }
      assertThat(held[0].writes).hasSize(2);
      held[0].letGo();
      assertThat(client.next().getMap()).containsEntry("address", "second");
      await().until(() -> held[0].writes.size() == 1);
      held[0].letGo();
      assertThat(client.next().getMap()).containsEntry("address", "third");
      await().until(() -> server.httpLimits.received() == 0);
    }
  }

  @Test
  void whatThereIsNoRoomForInMemoryIsRefused() throws IOException {
    try (BusServer server = startForTwo();
        BridgeClient client = BridgeClient.plain(server.vertx, server.port);
        BridgeClient other = BridgeClient.plain(server.vertx, server.port)) {
      holdMost(client);
      other.send(create(900_000).put("replyAddress", "refused"));
      assertThat(other.next().getMap())
          .containsEntry("address", "refused")
          .containsEntry("failureCode", 503)
          .containsEntry("message", "too many bytes of requests are in memory");
      assertThat(refusals(server)).isEqualTo(1);
      held[0].letGo();
      client.next();
      await().until(() -> server.httpLimits.received() == 0);
      other.send(create(900_000));
      await().until(() -> held[0].writes.size() == 1);
      held[0].letGo();
    }
  }

  @Test
  void whatThereIsNoRoomForIsNotEvenRead() throws IOException {
    try (BusServer server = startForTwo();
        BridgeClient client = BridgeClient.plain(server.vertx, server.port);
        BridgeClient other = BridgeClient.plain(server.vertx, server.port)) {
      holdMost(client);
      String unreadable = "{\"body\":[" + "{},".repeat(250_000) + "],\"replyAddress\":\"refused\"}";
      Awaiting.await(other.socket.writeTextMessage(unreadable));
      assertThat(other.next().getMap())
          .containsEntry("address", "refused")
          .containsEntry("failureCode", 503);
      held[0].letGo();
      client.next();
      await().until(() -> server.httpLimits.received() == 0);
      Awaiting.await(other.socket.writeTextMessage(unreadable));
      assertThat(other.next().getMap()).containsEntry("failureCode", 400);
    }
  }

  @Test
  void aReplyThatOthersWaitForIsReadInAnyCase() throws IOException {
    try (BusServer server =
            start(
                "bus.bridge.messageLimit=1MiB",
                "bus.bridge.outbound=test.source",
                "http.receiveLimit=4MiB");
        BridgeClient client = BridgeClient.plain(server.vertx, server.port)) {
      client.listen("test.source");
      holdMost(client);
      Future<Message<Object>> asked = server.vertx.eventBus().request("test.source", 1);
      String answer = "a".repeat(900_000);
      client.send(BridgeClient.message("send", client.next().getString("replyAddress"), answer));
      assertThat(Awaiting.await(asked).body()).isEqualTo(answer);
      held[0].letGo();
    }
  }

  /** A question of 700,000 bytes, without its last one. */
  private static WireSocket beginLarge(BusServer server) throws IOException {
    String question =
        "{\"type\":\"send\",\"address\":\"rollcall.users.get\",\"replyAddress\":\"large\",\"body\":{\"id\":7}";
    byte[] text =
        (question + " ".repeat(700_000 - question.length())).getBytes(StandardCharsets.US_ASCII);
    return new WireSocket(server.port, "/eventbus/websocket")
        .head(WireSocket.TEXT, true, text.length + 1)
        .bytes(text);
  }

  private static void end(WireSocket socket) throws IOException {
    socket.bytes(new byte[] {'}'});
    assertThat(socket.next(WireSocket.TEXT).text()).contains("\"large\"", "404");
  }

  private static double coming(BusServer server) {
    return server.registry.get("rollcall.bridge.large.frames").gauge().value();
  }

  @Test
  void ofSoManyLargeFramesEachIsReadThoughSomeLater() throws IOException, InterruptedException {
    Queue<Thread> others = new ConcurrentLinkedQueue<>();
    AtomicInteger done = new AtomicInteger();
    try (BusServer server = startForTwo();
        WireSocket first = beginLarge(server);
        WireSocket second = beginLarge(server)) {
      await().until(() -> coming(server) == 2);
      for (int i = 0; i < 20; i++) {
        Thread other =
            new Thread(
                () -> {
                  try (WireSocket socket = beginLarge(server)) {
                    end(socket);
                    done.incrementAndGet();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
        other.start();
        others.add(other);
      }
      try (BridgeClient small = BridgeClient.plain(server.vertx, server.port)) {
        for (int i = 0; i < 50; i++) {
          assertThat(small.ask("rollcall.users.get", new JsonObject().put("id", 1)).getMap())
              .containsEntry("failureCode", 404);
        }
      }
      assertThat(coming(server)).isEqualTo(2);
      assertThat(done).hasValue(0);
      end(first);
      for (Thread other : others) {
        other.join();
      }
      assertThat(done).hasValue(20);
      end(second);
      await().until(() -> coming(server) == 0);
    }
  }

  @Test
  void whoWaitsForTooLongToBeReadIsToldSo() throws IOException {
    try (BusServer server = startForTwo();
        WireSocket first = beginLarge(server);
        WireSocket second = beginLarge(server)) {
      await().until(() -> coming(server) == 2);
      try (WireSocket third = beginLarge(server)) {
        WireSocket.Frame close = third.next(WireSocket.CLOSE);
        assertThat(close.code()).isEqualTo(1013);
        assertThat(close.reason()).isEqualTo("too many large messages are on their way");
        assertThat(third.ends()).isTrue();
      }
      end(first);
      end(second);
      await().until(() -> coming(server) == 0);
    }
  }

  @Test
  void whoseLargeMessageIsNeverWholeIsClosedThoughItGoesOnSending()
      throws IOException, InterruptedException {
    try (BusServer server =
            start(
                "bus.bridge.messageLimit=1MiB",
                "bus.bridge.pingInterval=200ms",
                "bus.bridge.pingTimeout=1s");
        WireSocket socket = new WireSocket(server.port, "/eventbus/websocket")) {
      socket.send(WireSocket.TEXT, false, new byte[100_000]);
      Thread dripping =
          new Thread(
              () -> {
                try {
                  while (true) {
                    socket.send(WireSocket.CONTINUATION, false, new byte[1]);
                    Thread.sleep(50); // Far more often than it has to be heard.
                  }
                } catch (IOException | InterruptedException e) {
                  // That is what was waited for.
                }
              });
      dripping.start();
      WireSocket.Frame close = socket.next(WireSocket.CLOSE);
      assertThat(close.reason()).isEqualTo("a large message was not whole in time");
      dripping.join();
      await().until(() -> coming(server) == 0);
    }
  }

  @Test
  void fragmentsOfAMessageCountAsWell() throws IOException {
    try (BusServer server = startForTwo();
        WireSocket socket = new WireSocket(server.port, "/eventbus/websocket")) {
      byte[] part = "a".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
      socket.send(WireSocket.TEXT, false, part);
      for (int i = 0; i < 5; i++) {
        socket.send(WireSocket.CONTINUATION, false, part);
      }
      await().until(() -> coming(server) == 1);
      socket.send(WireSocket.CONTINUATION, true, part);
      assertThat(socket.next(WireSocket.TEXT).text()).contains("invalid_json");
      await().until(() -> coming(server) == 0);
    }
  }

  private static double refusals(BusServer server) {
    return server
        .registry
        .get("rollcall.bridge.refused")
        .tag("reason", "too_many_bytes")
        .counter()
        .count();
  }

  @Test
  void whatWaitsAsObjectsCountsForMoreThanItsText() throws IOException {
    try (BusServer server = start("http.receiveLimit=4MiB", "bus.bridge.inbound=test.silent");
        BridgeClient client = BridgeClient.plain(server.vertx, server.port)) {
      Queue<Message<Object>> asked = new ConcurrentLinkedQueue<>();
      server.vertx.eventBus().consumer("test.silent", asked::add);
      JsonObject body = new JsonObject().put("text", "t".repeat(60_000));
      client.send(BridgeClient.message("send", "test.silent", body).put("replyAddress", "one"));
      client.send(BridgeClient.message("send", "test.silent", body).put("replyAddress", "two"));
      assertThat(client.next().getMap()).containsEntry("address", "two");
      assertThat(server.httpLimits.received()).isGreaterThan(900_000);
      asked.remove().reply("done");
      assertThat(client.next().getMap()).containsEntry("address", "one");
      assertThat(server.httpLimits.received()).isZero();
    }
  }

  @Test
  void aSocketThatAwaitsItsOwnRepliesIsReadForThem() throws IOException {
    try (BusServer server = start("bus.bridge.inbound=test.echo", "bus.bridge.outbound=test.echo");
        BridgeClient client = BridgeClient.plain(server.vertx, server.port)) {
      client.listen("test.echo");
      JsonObject body = new JsonObject().put("text", "t".repeat(200_000));
      for (String name : List.of("one", "two")) {
        client.send(BridgeClient.message("send", "test.echo", body).put("replyAddress", name));
      }
      int replies = 0;
      while (replies < 2) {
        JsonObject message = client.next();
        String asked = message.getString("replyAddress");
        if (asked == null) {
          assertThat(message.getMap()).containsEntry("body", "done");
          replies++;
        } else {
          client.send(BridgeClient.message("send", asked, "done"));
        }
      }
      assertThat(server.httpLimits.received()).isZero();
    }
  }
}
