package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bus.BusServer;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many bytes of what clients ask are in memory at once. */
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
    try (BusServer server =
            start("bus.bridge.messageLimit=1MiB", "http.bodyLimit=1MiB", "http.receiveLimit=4MiB");
        BridgeClient client = BridgeClient.plain(server.vertx, server.port);
        BridgeClient other = BridgeClient.plain(server.vertx, server.port)) {
      // Each is in memory as the bridge has it, and as its receiver has it.
      client.send(create(900_000).put("replyAddress", "first"));
      client.send(create(900_000).put("replyAddress", "second"));
      await().until(() -> held[0].writes.size() == 2);
      other.send(create(900_000).put("replyAddress", "refused"));
      assertThat(other.next().getMap())
          .containsEntry("address", "refused")
          .containsEntry("failureCode", 503)
          .containsEntry("message", "too many bytes of requests are in memory");
      held[0].letGo();
      client.next();
      client.next();
      await().until(() -> server.httpLimits.received() == 0);
      other.send(create(900_000));
      await().until(() -> held[0].writes.size() == 1);
      held[0].letGo();
    }
  }
}
