package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.bus.BusServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How those are slowed who guess keys and tokens over the bridge. */
@Timeout(60)
@Tag("slow")
class BridgeGuessesTest {
  private static final String ADMIN = "0123456789abcdef0123456789abcdef";

  /** With three guesses each, more than are refused at once and may wait. */
  private static final int SOCKETS = 60;

  private static final int GUESSES = 3;

  private static final JsonObject NOBODY = new JsonObject().put("id", 1);

  private BusServer server;

  @BeforeEach
  void start(@TempDir Path folder) {
    server =
        new BusServer(
            folder,
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "bus.bridge.enabled=true",
            "bus.bridge.inbound=rollcall.users.get");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static JsonObject token(String token) {
    return new JsonObject().put("authorization", "Bearer " + token);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void guessesFromAnAddressAreSlowedOverAllItsSockets(boolean sockJs) {
    List<BridgeClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SOCKETS; i++) {
        clients.add(BridgeClient.from(server.vertx, server.port, "127.0.1.51", sockJs));
      }
      for (int guess = 0; guess < GUESSES; guess++) {
        for (BridgeClient each : clients) {
          each.send(
              BridgeClient.message("send", "rollcall.users.get", NOBODY)
                  .put("headers", token("guess-" + guess))
                  .put("replyAddress", "guessed"));
        }
      }
      List<Integer> codes = new ArrayList<>();
      for (int guess = 0; guess < GUESSES; guess++) {
        clients.forEach(each -> codes.add(each.next().getInteger("failureCode")));
      }
      assertThat(codes).contains(401, 429).containsOnly(401, 429);
      assertThat(codes.stream().filter(code -> code == 401).count()).isGreaterThan(100);
      JsonObject right = clients.get(0).ask("rollcall.users.get", NOBODY, token(ADMIN));
      assertThat(right.getInteger("failureCode")).as("there is no such user").isEqualTo(404);
      try (BridgeClient other =
          BridgeClient.from(server.vertx, server.port, "127.0.1.52", sockJs)) {
        JsonObject wrong = other.ask("rollcall.users.get", NOBODY, token("guess"));
        assertThat(wrong.getInteger("failureCode")).isEqualTo(401);
      }
    } finally {
      clients.forEach(BridgeClient::close);
    }
  }
}
