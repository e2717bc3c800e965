package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How batches end that the server does not let go on. */
class ViewBatchLimitsTest {

  private static final String JSON = "Content-Type: application/json";
  private static final String[] VIEW = {
    "log.access=false",
    "http.idleTimeout=400ms",
    "shutdown.drain=10s",
    "sources.large.address=test.large",
    "sources.held.address=test.held",
    "sources.held.timeout=9s",
    "views.large.sources=large",
    "views.held.sources=held",
    "views.held.deadline=10s"
  };

  private static TestServer server(Path folder) {
    TestServer server = new TestServer(folder, VIEW);
    server.send("PUT", "/users/1", "{\"name\":\"N\"}");
    return server;
  }

  @Test
  void aClientThatTakesNothingIsCutOff(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder);
        RawClient raw = server.raw()) {
      String value = "x".repeat(256 * 1024);
      server.vertx.eventBus().consumer("test.large", question -> question.reply(value));
      String ids = IntStream.range(0, 1000).mapToObj(i -> "1").collect(Collectors.joining(","));
      String body = "{\"ids\":[" + ids + "]}";
      raw.head("POST /views/large/batch", JSON, "Content-Length: " + body.length()).send(body);
      assertThat(raw.readHead().status()).isEqualTo(200);
      await().until(() -> server.limits.connections() == 0 && server.limits.inFlight() == 0);
      assertThat(raw.readToEnd()).doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void aBatchThatWaitsForItsSourceIsNotIdle(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder);
        RawClient raw = server.raw()) {
      HeldSource held = new HeldSource(server.vertx, "test.held");
      raw.head("POST /views/held/batch", JSON, "Content-Length: 11").send("{\"ids\":[1]}");
      var question = held.next();
      // Longer than a connection may idle: it is the server's turn, not the client's.
      TestServer.await(server.vertx.timer(1000));
      question.reply(1);
      assertThat(raw.readWhole().body()).contains("\"value\":1");
    }
  }

  @Test
  void aServerThatStopsLetsABatchEnd(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder);
        RawClient raw = server.raw()) {
      HeldSource held = new HeldSource(server.vertx, "test.held");
      String body = "{\"ids\":[1,1],\"concurrency\":1}";
      server.limits.drain();
      raw.head("POST /views/held/batch", JSON, "Content-Length: " + body.length()).send(body);
      assertThat(raw.readHead().headers()).containsEntry("connection", "close");
      Future<Void> stopped = server.vertx.undeploy(server.deployment);
      held.next().reply(1);
      assertThat(raw.readChunk()).isNotNull();
      held.next().reply(2);
      assertThat(raw.readChunk()).isNotNull();
      assertThat(raw.readChunk()).isNull();
      TestServer.await(stopped);
    }
  }
}
