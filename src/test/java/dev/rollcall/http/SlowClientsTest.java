package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients who send or read slowly, or not at all: they keep nobody else out. */
@Timeout(60)
@Tag("slow")
class SlowClientsTest {

  private static final String JSON = "Content-Type: application/json";
  private static final String LINES = "Content-Type: application/x-ndjson";
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  @TempDir Path folder;

  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void closeClients() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  private RawClient client(TestServer server) throws IOException {
    RawClient client = server.raw();
    clients.add(client);
    return client;
  }

  private void leave(TestServer server) throws IOException {
    closeClients();
    await().until(() -> server.limits.received() == 0 && server.limits.inFlight() == 0);
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  @Test
  void whoeverSendsABodyTakesNoPlaceAmongTheRequestsAtWork() throws IOException {
    try (TestServer server = new TestServer(folder, "http.inFlightLimit=2")) {
      List<RawClient> last = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        client(server).head("POST /users", JSON, "Content-Length: 100");
        client(server).head("POST /users", JSON, "Content-Length: 100", "Expect: 100-continue");
        client(server).head("POST /users/import", LINES, CHUNKED).send(chunk("{\"name\":"));
        client(server).head("POST /views/profile/batch", JSON, CHUNKED).send("1\r\n{\r\n");
        last.add(client(server).head("PUT /users/7", JSON, "Content-Length: 12").send("{\"name\""));
      }
      await().until(() -> server.limits.connections() == 20);
      assertThat(server.get("/users/1").statusCode()).isEqualTo(404);
      assertThat(server.send("POST", "/users", "{\"name\":\"A\"}").statusCode()).isEqualTo(201);
      assertThat(server.importLines("{\"name\":\"B\"}\n").statusCode()).isEqualTo(200);
      await().until(() -> server.limits.inFlight() == 0);
      assertThat(last.get(0).send(":\"A\"}").read().status()).isEqualTo(201);
      leave(server);
    }
  }

  @Test
  void largeBodiesThatStandStillLeaveRoomForSmallOnes() throws IOException {
    String most = " ".repeat((1 << 20) - 100);
    try (TestServer server = new TestServer(folder, "http.receiveLimit=4MiB")) {
      int refused = 0;
      for (int i = 0; i < 6; i++) {
        RawClient client = client(server);
        client.head("POST /users", JSON, "Content-Length: " + (1 << 20));
        client.sendOrStop(most);
      }
      await().until(() -> server.limits.received() > 1 << 20);
      await()
          .until(
              () ->
                  server
                          .registry
                          .get("rollcall.http.refused")
                          .tag("reason", "bytes")
                          .counter()
                          .count()
                      >= 3);
      assertThat(server.limits.received()).isLessThanOrEqualTo(4 << 20);
      String user = new JsonObject().put("name", "n".repeat(200)).encode();
      assertThat(server.send("POST", "/users", user).statusCode()).isEqualTo(201);
      for (RawClient client : clients) {
        // Those that were refused have their answer.
        refused += client.send(" ".repeat(0)).hasAnswer() ? 1 : 0;
      }
      // They come at the same time, so that more may be refused than have to be.
      assertThat(refused).isBetween(3, 5);
      leave(server);
    }
  }

  @Test
  void anImportOfOneLongLineIsBoundToo() throws IOException {
    try (TestServer server =
        new TestServer(folder, "http.receiveLimit=4MiB", "http.bodyLimit=2MiB")) {
      String piece = chunk(" ".repeat(1 << 20));
      RawClient first = client(server).head("POST /users/import", LINES, CHUNKED);
      RawClient second = client(server).head("POST /users/import", LINES, CHUNKED);
      first.send(piece).sendOrStop(chunk(" ".repeat(900_000)));
      await().until(() -> server.limits.received() > 1_800_000);
      second.send(piece).sendOrStop(piece);
      RawClient.Answer refused = second.read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(new JsonObject(refused.body()).getLong("lastLine")).isZero();
      assertThat(first.send("0\r\n\r\n").read().status()).isEqualTo(200);
      leave(server);
    }
  }

  @Test
  void aBodyBelowTheLeastRateIsGivenUp() throws Exception {
    try (TestServer server =
        new TestServer(
            folder, "http.leastRate=1MiB", "http.leastRateAfter=300ms", "http.idleTimeout=1s")) {
      List<RawClient> slow =
          List.of(
              client(server).head("POST /users", JSON, "Content-Length: 100000"),
              client(server).head("POST /users", JSON, CHUNKED),
              client(server).head("POST /views/profile/batch", JSON, CHUNKED),
              client(server).head("POST /users/import", LINES, CHUNKED));
      Thread dripping =
          new Thread(
              () -> {
                try {
                  while (!Thread.interrupted()) {
                    for (RawClient client : slow) {
                      client.sendOrStop("1\r\n \r\n");
                    }
                    Thread.sleep(20);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      dripping.start();
      for (RawClient client : slow) {
        // The view is not there, which is told at once.
        assertThat(client.read().status()).isIn(408, 404);
      }
      dripping.interrupt();
      dripping.join();
      leave(server);
    }
  }

  @Test
  void aReaderBelowTheLeastRateIsCutOff() throws Exception {
    try (TestServer server =
        new TestServer(folder, "http.leastRate=1MiB", "http.idleTimeout=500ms")) {
      fill(server, 40);
      List<RawClient> slow =
          List.of(
              client(server).head("GET /users/export"),
              client(server).head("GET /users/export", "Connection: close"),
              client(server).head("GET /users/changes", "Accept: text/event-stream"));
      for (RawClient client : slow) {
        client.readHead();
      }
      // A byte at a time is some progress, but not enough of it.
      while (server.limits.connections() > 0) {
        for (RawClient client : slow) {
          client.drain(1, 1, 20);
        }
      }
      await().until(() -> server.limits.streams() == 0);
      leave(server);
    }
  }

  @Test
  void aReaderAboveTheLeastRateHasAllTheTimeItNeeds() throws Exception {
    try (TestServer server = new TestServer(folder, "http.idleTimeout=2s")) {
      fill(server, 12);
      // Longer than the idle timeout several times over.
      RawClient steady = client(server).head("GET /users/export", "Connection: close");
      assertThat(steady.drain(Integer.MAX_VALUE, 64 * 1024, 30)).isGreaterThan(12 * 900_000);
    }
  }

  private static void fill(TestServer server, int users) {
    String large = "x".repeat(900_000);
    for (int i = 0; i < users; i++) {
      JsonObject user =
          new JsonObject().put("name", "A").put("attributes", new JsonObject().put("a", large));
      assertThat(server.send("POST", "/users", user.encode()).statusCode()).isEqualTo(201);
    }
  }

  /** Users that count how often one is read. */
  private static final class Counting extends UsersBetween {
    final AtomicInteger reads = new AtomicInteger();

    Counting(Users users) {
      super(users);
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      reads.incrementAndGet();
      return super.get(id, client);
    }
  }

  @Test
  void requestsThatAreSentWithoutReadingTheAnswersWait() throws Exception {
    Counting[] counting = new Counting[1];
    int many = 200;
    try (TestServer server = new TestServer(folder, users -> counting[0] = new Counting(users))) {
      fill(server, 1);
      RawClient client = client(server);
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < many; i++) {
        requests.append("GET /users/1 HTTP/1.1\r\nHost: test\r\n\r\n");
      }
      client.send(requests.toString());
      await().until(() -> counting[0].reads.get() > 0);
      // Others are served meanwhile, and none of their reads is one of those that wait.
      for (int i = 0; i < 20; i++) {
        assertThat(server.get("/users/2").statusCode()).isEqualTo(404);
      }
      assertThat(counting[0].reads.get()).isLessThan(20 + 30);
      for (int i = 0; i < many; i++) {
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).hasSizeGreaterThan(900_000);
      }
      assertThat(counting[0].reads.get()).isEqualTo(20 + many);
      leave(server);
    }
  }

  @Test
  void headsOfManyFieldsThatAreNeverWholeAreBound() throws IOException {
    try (TestServer server = new TestServer(folder, "http.receiveLimit=4MiB")) {
      String head = "GET / HTTP/1.1\r\nHost: test\r\n" + "a:\r\n".repeat(3_500);
      for (int i = 0; i < 40; i++) {
        client(server).sendOrStop(head);
      }
      await().until(() -> server.limits.connections() < 40);
      assertThat(server.limits.received()).isLessThanOrEqualTo(4L << 20);
      assertThat(server.get("/").statusCode()).isEqualTo(200);
      leave(server);
    }
  }

  @Test
  void oneAddressHasItsShareOfTheConnections() throws IOException {
    try (TestServer server = new TestServer(folder, "http.connectionsPerAddress=2")) {
      for (int i = 0; i < 2; i++) {
        assertThat(client(server).head("GET /").read().status()).isEqualTo(200);
      }
      client(server).awaitClose();
      assertThat(
              server
                  .registry
                  .get("rollcall.http.refused")
                  .tag("reason", "address")
                  .counter()
                  .count())
          .isEqualTo(1);
      leave(server);
      assertThat(server.get("/").statusCode()).isEqualTo(200);
    }
  }
}
