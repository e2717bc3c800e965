package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that wait for changes behind a kept cursor. */
class FollowerMessagesTest {

  private static final String FOLLOWERS = "rollcall.followers.";

  private BusServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    server = new BusServer(folder);
    server.call(FOLLOWERS + "put", named());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static JsonObject named() {
    return new JsonObject().put("name", "billing");
  }

  private Future<Message<Object>> waiting(Map<String, String> headers) {
    Future<Message<Object>> reply =
        server.ask(FOLLOWERS + "changes", named().put("wait", "25s"), headers);
    await().until(() -> server.limits.inFlight() == 1);
    return reply;
  }

  private static JsonObject body(Future<Message<Object>> reply) {
    return (JsonObject) Awaiting.await(reply).body();
  }

  @Test
  void theFirstChangeIsTheAnswer() {
    Future<Message<Object>> reply = waiting(Map.of());
    server.call("rollcall.users.put", new JsonObject().put("id", 7).put("name", "A"));
    JsonObject page = body(reply);
    assertThat(page.getJsonArray("items").getJsonObject(0).getLong("id")).isEqualTo(7);
    JsonObject position = named().put("seq", page.getLong("next"));
    assertThat(server.call(FOLLOWERS + "position", position).getLong("lag")).isZero();
    assertThat(server.call(FOLLOWERS + "changes", named()).getJsonArray("items")).isEmpty();
  }

  @Test
  void aCallerWithLessTimeIsAnsweredWithinIt() {
    assertThat(body(waiting(Map.of("deadline-ms", "1500"))).getJsonArray("items")).isEmpty();
  }

  @Test
  void aFollowerThatIsDeletedFailsWhatWaitsForIt() {
    Future<Message<Object>> reply = waiting(Map.of());
    server.call(FOLLOWERS + "delete", named());
    assertThat(BusServer.failure(reply)).startsWith("404 ");
  }

  @Test
  void stoppingAnswersWhatWaits() {
    Future<Message<Object>> reply = waiting(Map.of());
    Awaiting.await(server.vertx.undeploy(server.deployment));
    assertThat(body(reply).getJsonArray("items")).isEmpty();
  }
}
