package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask for much and read nothing: what they hold is bounded, and others are served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class UnreadAnswersTest {

  private static final long LIMIT = 16 << 20;

  /** Of the largest users that there can be: each is more than a socket's buffers take. */
  private static final int USERS = 8;

  /** Enough that what they ask for is many times the limit, the buffers of the system included. */
  private static final int CLIENTS = 40;

  private final List<Socket> clients = new ArrayList<>();
  private TestServer server;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "log.access=false",
            "outbound.limit=" + LIMIT,
            "outbound.wait=300ms",
            "views.alone.sources=none",
            "sources.none.address=nobody.there");
    String user =
        "{\"name\":\"Large\",\"attributes\":{\"a\":\"" + "x".repeat((1 << 20) - 500) + "\"}}";
    for (int i = 1; i <= USERS; i++) {
      assertThat(server.send("PUT", "/users/" + i, user).statusCode()).isEqualTo(201);
    }
    server.send("PUT", "/users/100", "{\"name\":\"Small\"}");
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  /** All is given back, whatever had become of it. */
  @AfterEach
  void hangUp() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    clients.clear();
    await().until(() -> server.budget.used() == 0 && server.budget.waiting() == 0);
    assertThat(server.get("/users/1").bodyAsBuffer().length()).isGreaterThan(1 << 19);
    await().until(() -> server.budget.used() == 0);
  }

  private Socket send(String request) throws IOException {
    Socket client = new Socket();
    client.setReceiveBufferSize(4096);
    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    clients.add(client);
    client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return client;
  }

  private static String get(String target, String... fields) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + String.join("", List.of(fields))
        + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/users?limit=1000",
        "/users/changes?limit=1000",
        "/users/export",
        "/users/1",
        "/users/1/views/alone",
        "events",
        "batch",
        "pipelined"
      })
  void whatIsLeftUnreadIsBoundedAndOthersAreServed(String target) throws IOException {
    String batch = "{\"ids\":[1,2,3,4,5,6,7,8,1,2,3,4,5,6,7,8]}";
    String request =
        switch (target) {
          case "events" -> get("/users/changes", "Accept: text/event-stream\r\n");
          case "batch" ->
              "POST /views/alone/batch HTTP/1.1\r\nHost: localhost\r\n"
                  + "Content-Type: application/json\r\nContent-Length: "
                  + batch.length()
                  + "\r\n\r\n"
                  + batch;
          case "pipelined" -> get("/users/2").repeat(20);
          default -> get(target);
        };
    for (int i = 0; i < CLIENTS; i++) {
      send(request.repeat(target.startsWith("/users/1") ? 8 : 1));
    }
    // Others wait for answers that are large, and only for a while. A small user waits too where
    // the
    // large ones have pushed it out of this server's small cache.
    for (int i = 0; i < 2; i++) {
      assertThat(untilServed("/users/100").bodyAsJsonObject().getString("name")).isEqualTo("Small");
      HttpResponse<Buffer> list = untilServed("/users?limit=1");
      assertThat(list.bodyAsBuffer().length()).isGreaterThan(1 << 19);
      assertThat(server.budget.used()).isLessThanOrEqualTo(LIMIT);
    }
  }

  private HttpResponse<Buffer> untilServed(String target) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> server.get(target),
            answer -> {
              if (answer.statusCode() == 503) {
                assertThat(answer.getHeader("Retry-After")).isEqualTo("1");
                assertThat(answer.bodyAsString()).contains("too much is on its way to clients");
              }
              return answer.statusCode() == 200;
            });
  }

  @Test
  void aWriteIsAnsweredThatItsOutcomeIsUnknownWhereItsAnswerDoesNotFit(@TempDir Path folder)
      throws IOException {
    try (TestServer other =
        new TestServer(folder, "log.access=false", "outbound.limit=1MiB", "outbound.wait=300ms")) {
      String user = "{\"name\":\"L\",\"attributes\":{\"a\":\"" + "x".repeat(900_000) + "\"}}";
      assertThat(other.send("PUT", "/users/1", user).statusCode()).isEqualTo(201);
      var held = Objects.requireNonNull(other.budget.tryTake(1 << 20));
      HttpResponse<Buffer> patched = other.send("PATCH", "/users/1", "{\"name\":\"M\"}");
      assertThat(patched.statusCode()).isEqualTo(503);
      assertThat(patched.bodyAsJsonObject().getString("detail")).startsWith("outcome-unknown: ");
      assertThat(other.get("/users?limit=1").statusCode()).isEqualTo(503);
      held.giveBack();
      assertThat(other.get("/users/1").bodyAsJsonObject().getString("name")).isEqualTo("M");
    }
  }
}
