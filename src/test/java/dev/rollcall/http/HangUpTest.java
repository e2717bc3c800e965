package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that go away midway: what they held is given back, and nothing half done remains. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HangUpTest {

  private static final String JSON = "Content-Type: application/json";

  /** Users of whom reading one waits until the test lets it go. */
  private final class Waiting extends UsersBetween {
    Waiting(Users users) {
      super(users);
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      if (id == 9) {
        asked.countDown();
        return answer.future();
      }
      return super.get(id, client);
    }
  }

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Promise<User> answer = Promise.promise();
  private TestServer server;
  private WebClient client;
  private String stored;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            Waiting::new,
            "log.access=false",
            "sources.account.address=test.account",
            "views.profile.sources=account");
    // One connection for all, so that those of others can be counted.
    client =
        WebClient.create(
            server.vertx,
            new WebClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(server.port()),
            new PoolOptions().setHttp1MaxSize(1));
    result(client.put("/users/1").sendJsonObject(new JsonObject().put("name", "First")));
    stored = get("/users/export").bodyAsString();
  }

  private static <T> T result(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private HttpResponse<Buffer> get(String target) {
    return result(client.get(target).send());
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void nothingIsHeld() {
    eventually(
        () ->
            server.limits.inFlight() == 0
                && server.limits.streams() == 0
                && server.limits.jobStreams() == 0
                // That of our own client.
                && server.limits.connections() <= 1);
    assertThat(get("/users/1").statusCode()).isEqualTo(200);
  }

  /** Waits for something that comes soon, without dozing. */
  private static void eventually(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  static Stream<String> beginnings() {
    return Stream.of(
        "G",
        "GET /users/1",
        "GET /users/1 HTTP/1.1\r\n",
        "GET /users/1 HTTP/1.1\r\nHost: te",
        BadRequest.headOf("POST /users", JSON, "Content-Length: 12"),
        BadRequest.headOf("POST /users", JSON, "Content-Length: 12") + "\r\n",
        BadRequest.headOf("POST /users", JSON, "Content-Length: 14") + "\r\n{\"name\":\"A\"}",
        BadRequest.headOf("PUT /users/1", JSON, "Content-Length: 14") + "\r\n{\"name\":\"A\"}",
        BadRequest.headOf("PATCH /users/1", JSON, "Content-Length: 14") + "\r\n{\"name\":\"A\"}",
        BadRequest.headOf("POST /views/profile/batch", JSON, "Content-Length: 11") + "\r\n",
        BadRequest.headOf("POST /views/profile/batch", JSON, "Content-Length: 13")
            + "\r\n{\"ids\":[1]}",
        BadRequest.headOf("POST /views/profile/batch", JSON, "Transfer-Encoding: chunked")
            + "\r\nb\r\n{\"ids\":[1]}\r\n",
        BadRequest.headOf("POST /users", JSON, "Transfer-Encoding: chunked") + "\r\n",
        BadRequest.headOf("POST /users", JSON, "Transfer-Encoding: chunked") + "\r\nc",
        BadRequest.headOf("POST /users", JSON, "Transfer-Encoding: chunked")
            + "\r\nc\r\n{\"name\":\"A\"}",
        BadRequest.headOf("POST /users", JSON, "Transfer-Encoding: chunked")
            + "\r\nc\r\n{\"name\":\"A\"}\r\n0\r\n",
        BadRequest.headOf(
                "POST /users/import",
                "Content-Type: application/x-ndjson",
                "Transfer-Encoding: chunked")
            + "\r\n5\r\n{\"nam",
        BadRequest.headOf("POST /users", JSON, "Content-Length: 12", "Expect: 100-continue")
            + "\r\n");
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void aRequestThatIsNeverWholeChangesNothing(String beginning) throws IOException {
    for (boolean politely : List.of(true, false)) {
      int others = server.limits.connections();
      try (RawClient raw = server.raw()) {
        raw.send(beginning);
        eventually(() -> server.limits.connections() == others + 1);
        if (politely) {
          raw.finish();
        } else {
          raw.reset();
        }
        eventually(() -> server.limits.connections() == others && server.limits.inFlight() == 0);
      }
      assertThat(get("/users/export").bodyAsString()).isEqualTo(stored);
    }
  }

  @Test
  void aClientThatDoesNotWaitForItsAnswerIsForgotten() throws Exception {
    try (RawClient raw = server.raw()) {
      raw.head("GET /users/9");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      eventually(() -> server.limits.inFlight() == 1);
      raw.reset();
    }
    eventually(() -> server.limits.inFlight() == 0);
    // The answer comes when nobody waits for it any more.
    answer.fail(new IllegalStateException("too late"));
  }

  @Test
  void anImportThatBreaksOffKeepsWholeLinesInTheirOrder(@TempDir Path folder) throws IOException {
    try (TestServer other = new TestServer(folder, "log.access=false")) {
      try (RawClient raw = other.raw()) {
        raw.head(
            "POST /users/import",
            "Content-Type: application/x-ndjson",
            "Transfer-Encoding: chunked");
        StringBuilder lines = new StringBuilder();
        for (int id = 1; id <= 1000; id++) {
          lines.append("{\"id\":").append(id).append(",\"name\":\"N").append(id).append("\"}\n");
        }
        raw.send(Integer.toHexString(lines.length()) + "\r\n" + lines + "\r\n");
        eventually(() -> other.users.position() > 0);
        raw.reset();
      }
      eventually(() -> other.limits.inFlight() == 0 && other.limits.connections() == 0);
      String export = other.get("/users/export").bodyAsString();
      List<JsonObject> kept = export.lines().map(JsonObject::new).toList();
      assertThat(kept).hasSizeBetween(1, 1000);
      for (int i = 0; i < kept.size(); i++) {
        assertThat(kept.get(i).getInteger("id")).isEqualTo(i + 1);
        assertThat(kept.get(i).getString("name")).isEqualTo("N" + (i + 1));
      }
    }
  }

  @Test
  void aStreamWhoseClientGoesAwayIsClosed() throws IOException {
    try (RawClient raw = server.raw()) {
      raw.head("GET /users/changes", "Accept: text/event-stream");
      assertThat(raw.readHead().status()).isEqualTo(200);
      assertThat(server.limits.streams()).isEqualTo(1);
      raw.reset();
    }
    eventually(() -> server.limits.streams() == 0);
  }

  @Test
  void anExportThatNobodyReadsIsForgotten() throws IOException {
    try (RawClient raw = server.raw()) {
      raw.head("GET /users/export");
      raw.reset();
    }
    eventually(() -> server.limits.inFlight() == 0);
  }
}
