package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Views whose clients do not read what is there: while their sources are asked they keep their
 * place among the requests at work, so that no client has more views going on than there are
 * places.
 */
@Timeout(60)
class UnreadViewsTest {

  private static final int PLACES = 3;

  /** More than the system takes for a client that reads nothing. */
  private static final String LARGE = "x".repeat(4 << 20);

  private static final String[] VIEWS = {
    "log.access=false",
    "http.inFlightLimit=" + PLACES,
    "sources.large.address=test.large",
    "sources.large.answerLimit=8MiB",
    "sources.held.address=test.held",
    "sources.held.answerLimit=8MiB",
    "sources.held.timeout=30s",
    "views.both.sources=large,held",
    "views.both.deadline=40s",
    "views.large.sources=large",
    "views.one.sources=held",
    "views.one.deadline=40s"
  };

  private final List<RawClient> clients = new ArrayList<>();

  private static TestServer server(Path folder) {
    TestServer server = new TestServer(folder, VIEWS);
    server.vertx.eventBus().<JsonObject>consumer("test.large", message -> message.reply(LARGE));
    for (int id = 1; id <= 2 * PLACES; id++) {
      server.send("PUT", "/users/" + id, "{\"name\":\"N\"}");
    }
    return server;
  }

  /** A client whose system takes little for it. */
  private RawClient client(TestServer server) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    RawClient client = new RawClient(socket);
    clients.add(client);
    return client;
  }

  private void hangUp(TestServer server) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    await().until(() -> server.budget.used() == 0 && server.limits.inFlight() == 0);
  }

  /** Nothing may give back a place meanwhile: it is looked at for a while. */
  private static void assertAllPlacesAreTaken(TestServer server) {
    await()
        .during(Duration.ofMillis(200))
        .until(() -> server.limits.inFlight() == PLACES && server.budget.used() >= LARGE.length());
    assertThat(server.get("/users/1").statusCode()).isEqualTo(503);
  }

  @Test
  void aStreamKeepsItsPlaceUntilItsSourcesHaveEnded(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder)) {
      HeldSource held = new HeldSource(server.vertx, "test.held");
      List<Message<JsonObject>> questions = new ArrayList<>();
      for (int id = 1; id <= PLACES; id++) {
        client(server).head("GET /users/" + id + "/views/both", "Accept: text/event-stream");
        questions.add(held.next());
      }
      assertAllPlacesAreTaken(server);
      questions.forEach(question -> question.reply("at last"));
      // What is left is for the clients to do.
      await().until(() -> server.limits.inFlight() == 0);
      assertThat(server.get("/users/1").statusCode()).isEqualTo(200);
      RawClient first = clients.get(0);
      first.readHead();
      StringBuilder events = new StringBuilder();
      for (String chunk = first.readChunk(); chunk != null; chunk = first.readChunk()) {
        events.append(chunk);
      }
      assertThat(events).contains("at last").endsWith("\n\n");
      assertThat(events.substring(events.lastIndexOf("event: "))).startsWith("event: end");
      hangUp(server);
    }
  }

  @Test
  void aBatchKeepsItsPlaceWhileViewsOfItGoOn(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder)) {
      HeldSource held = new HeldSource(server.vertx, "test.held");
      List<Message<JsonObject>> questions = new ArrayList<>();
      for (int i = 0; i < PLACES; i++) {
        int id = 1 + 2 * i;
        String body = "{\"ids\":[" + id + "," + (id + 1) + "]}";
        client(server)
            .head(
                "POST /views/one/batch",
                "Content-Type: application/json",
                "Content-Length: " + body.length())
            .send(body);
        Message<JsonObject> one = held.next();
        Message<JsonObject> other = held.next();
        one.reply(LARGE);
        questions.add(other);
      }
      assertAllPlacesAreTaken(server);
      questions.forEach(question -> question.reply("at last"));
      await().until(() -> server.limits.inFlight() == 0);
      assertThat(server.get("/users/1").statusCode()).isEqualTo(200);
      hangUp(server);
    }
  }

  /** What an answer will take is estimated by those before it, of the same view. */
  @Test
  void aViewOfLargeAnswersHasNoOtherWaitForRoom(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder)) {
      HeldSource held = new HeldSource(server.vertx, "test.held");
      assertThat(server.get("/users/1/views/large").bodyAsBuffer().length())
          .isGreaterThan(LARGE.length());
      await().until(() -> server.budget.used() == 0);
      for (int id = 1; id <= PLACES; id++) {
        client(server).head("GET /users/" + id + "/views/one", "Accept: text/event-stream");
      }
      for (int id = 1; id <= PLACES; id++) {
        held.next();
      }
      assertThat(server.budget.used()).isLessThan(LARGE.length());
      hangUp(server);
    }
  }
}
