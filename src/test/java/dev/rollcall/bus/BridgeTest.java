package dev.rollcall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeTest {

  @TempDir Path folder;
  private BusServer server;

  @BeforeEach
  void start() {
    server = new BusServer(folder, "bus.bridge.enabled=true");
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void usersAreServedOverAPlainWebSocket() {
    try (BridgeClient client = BridgeClient.plain(server.vertx, server.port)) {
      serve(client);
    }
  }

  @Test
  void usersAreServedOverSockJs() {
    try (BridgeClient client = BridgeClient.sockJs(server.vertx, server.port)) {
      serve(client);
    }
  }

  private static void serve(BridgeClient client) {
    JsonObject created = client.ask("rollcall.users.create", new JsonObject().put("name", "Alice"));
    assertThat(created.getString("type")).isEqualTo("rec");
    assertThat(created.getJsonObject("headers").getString("etag")).isEqualTo("\"1\"");
    JsonObject read = client.ask("rollcall.users.get", new JsonObject().put("id", 1));
    assertThat(read.getJsonObject("body")).isEqualTo(created.getJsonObject("body"));
    JsonObject missing = client.ask("rollcall.users.get", new JsonObject().put("id", 2));
    assertThat(missing.getString("type")).isEqualTo("err");
    assertThat(missing.getInteger("failureCode")).isEqualTo(404);
    assertThat(missing.getString("failureType")).isEqualTo("RECIPIENT_FAILURE");
    assertThat(missing.getString("message")).isEqualTo("User not found");
  }
}
