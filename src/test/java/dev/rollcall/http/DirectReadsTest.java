package dev.rollcall.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.access.TestAuthentication;
import dev.rollcall.framing.RawHttp2Client;
import dev.rollcall.framing.RawHttp2Client.Answer;
import dev.rollcall.framing.RawHttp2Client.Frame;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of users over HTTP/2 that are answered below Vert.x, and those that must not be. */
@Tag("slow")
class DirectReadsTest {

  private static final String ADMIN = "0123456789abcdef0123456789abcdef";
  private static final int PROTOCOL_ERROR = 1;

  /** Vert.x writes a priority into the head of each of its answers, and nobody else does. */
  private static final int OF_VERTX = 32;

  @TempDir private Path folder;

  /** Writes a user, and asks for it once: the host is known then, the caller, and the user. */
  private static void write(RawHttp2Client client, int id, String name, String... fields)
      throws IOException {
    String[] all = List.of(fields).toArray(new String[fields.length + 2]);
    all[fields.length] = "content-type";
    all[fields.length + 1] = "application/json";
    int put = client.request(false, client.head("PUT", "/users/" + id, all));
    client.data(
        put, true, "{\"name\":\"" + name + "\",\"attributes\":{\"a\":\"" + name.repeat(9) + "\"}}");
    assertThat(client.answer(put).status()).isBetween(200, 201);
    assertThat(client.answer(client.get("/users/" + id, fields)).status()).isEqualTo(200);
  }

  private static boolean isDirect(RawHttp2Client client, String path, String... fields)
      throws IOException {
    int stream = client.get(path, fields);
    Frame head = requireNonNull(client.next(RawHttp2Client.HEADERS));
    assertThat(head.stream()).isEqualTo(stream);
    return (head.flags() & OF_VERTX) == 0;
  }

  @Test
  void theAnswerIsThatOfTheUsualWay() throws IOException {
    try (TlsServer tls = new TlsServer(folder);
        RawHttp2Client client = tls.connect()) {
      write(client, 7, "Ann");
      String[] usual = {"x-request-id", "mine", "user-agent", "a", "accept", "*/*"};
      assertThat(isDirect(client, "/users/7", usual)).isTrue();
      String[] other = {"x-request-id", "mine", "user-agent", "a", "x-other", "b"};
      assertThat(isDirect(client, "/users/7", other)).isFalse();
      Answer direct = client.answer(client.get("/users/7", usual));
      assertThat(direct).isEqualTo(client.answer(client.get("/users/7", other)));
      assertThat(direct.status()).isEqualTo(200);
      assertThat(direct.fields()).containsEntry("x-request-id", "mine").containsKey("etag");
      assertThat(direct.body()).contains("Ann");
      Answer strange = client.answer(client.get("/users/7", "x-request-id", "a b"));
      assertThat(strange.fields().get("x-request-id")).matches("[0-9a-z]+-[0-9a-z]+");
      write(client, 7, "Bob");
      assertThat(isDirect(client, "/users/7")).isTrue();
      assertThat(client.answer(client.get("/users/7")).body()).contains("Bob");
    }
  }

  @Test
  void allElseGoesTheUsualWay() throws IOException {
    try (TlsServer tls = new TlsServer(folder);
        RawHttp2Client client = tls.connect()) {
      write(client, 7, "Ann");
      String tag = requireNonNull(client.answer(client.get("/users/7")).fields().get("etag"));
      assertThat(isDirect(client, "/users/7", "if-none-match", tag)).isFalse();
      assertThat(client.answer(client.get("/users/7", "if-none-match", tag)).status())
          .isEqualTo(304);
      for (String path : List.of("/users/8", "/users/07", "/users/7?", "/users/7/", "/users/x")) {
        assertThat(isDirect(client, path)).as(path).isFalse();
      }
      String host = "https://" + client.head("GET", "/").authority();
      assertThat(isDirect(client, "/users/7", "origin", host)).isFalse();
      assertThat(isDirect(client, "/users/7", "x-request-id", "a", "x-request-id", "b")).isFalse();
      assertThat(client.answer(client.get("/users/7", "sec-fetch-site", "cross-site")).status())
          .isEqualTo(403);
      int misdirected =
          client.request(true, client.head("GET", "/users/7").authority("evil.example"));
      assertThat(client.answer(misdirected).status()).isEqualTo(421);
      int twice = client.request(true, client.head("GET", "/users/7", ":path", "/users/7"));
      assertThat(client.answer(twice).reset()).isEqualTo(PROTOCOL_ERROR);
      assertThat(isDirect(client, "/users/7")).isTrue();
    }
  }

  @Test
  void aCallerIsAskedForEachTime() throws IOException {
    try (TlsServer tls = new TlsServer(folder, "auth.kind=required", "auth.adminKey=" + ADMIN);
        RawHttp2Client client = tls.connect()) {
      String[] reader = {"authorization", "Bearer " + TestAuthentication.key("users:read")};
      String[] other = {"authorization", "Bearer " + TestAuthentication.key("views:read")};
      write(client, 7, "Ann", "authorization", "Bearer " + ADMIN);
      assertThat(isDirect(client, "/users/7", reader)).isFalse();
      for (int i = 0; i < 3; i++) {
        assertThat(isDirect(client, "/users/7", reader)).isTrue();
        assertThat(client.answer(client.get("/users/7", other)).status()).isEqualTo(403);
        assertThat(client.answer(client.get("/users/7")).status()).isEqualTo(401);
        assertThat(client.answer(client.get("/users/7", "authorization", "no")).status())
            .isEqualTo(401);
      }
      tls.server.keys.replace(List.of(), System.nanoTime());
      assertThat(client.answer(client.get("/users/7", reader)).status()).isEqualTo(401);
    }
  }

  @Test
  void aCallerWhoHasARateIsCounted() throws IOException {
    try (TlsServer tls = new TlsServer(folder, "http.rate.perCaller=1", "http.rate.burst=4");
        RawHttp2Client client = tls.connect()) {
      write(client, 7, "Ann");
      assertThat(client.answer(client.get("/users/7")).fields()).containsKey("ratelimit");
      for (int i = 0; i < 4; i++) {
        client.answer(client.get("/users/7"));
      }
      assertThat(client.answer(client.get("/users/7")).status()).isEqualTo(429);
    }
  }

  @Test
  void manyAtOnceAreAnsweredAndCounted() throws IOException {
    try (TlsServer tls = new TlsServer(folder);
        RawHttp2Client client = tls.connect()) {
      write(client, 7, "Ann");
      client.answer(client.open(0, 1 << 20).get("/users/7"));
      client.getAtOnce(300, "/users/7");
      readAnswers(client, 300);
      Timer counted =
          tls.server
              .registry
              .get("rollcall.http.requests")
              .tags("route", "/users/{id}", "method", "GET", "status", "200")
              .timer();
      await().untilAsserted(() -> assertThat(counted.count()).isEqualTo(302));
      assertThat(tls.server.limits.inFlight()).isZero();
      assertThat(tls.server.limits.received()).isZero();
    }
  }

  private static void readAnswers(RawHttp2Client client, int number) throws IOException {
    int answers = 0;
    while (answers < number) {
      Frame frame = requireNonNull(client.read());
      assertThat(frame.type()).isNotEqualTo(RawHttp2Client.RESET);
      answers += frame.isLast() ? 1 : 0;
    }
  }

  @Test
  void anAnswerThatItsClientDoesNotTakeAtOnceGoesTheUsualWay() throws IOException {
    try (TlsServer tls = new TlsServer(folder);
        RawHttp2Client writer = tls.connect();
        RawHttp2Client client = tls.connect(RawHttp2Client.INITIAL_WINDOW_SIZE, 5)) {
      write(writer, 7, "Ann");
      for (int i = 0; i < 3; i++) {
        int stream = client.get("/users/7");
        assertThat(client.open(stream, 1000).answer(stream).body()).contains("Ann");
      }
    }
  }

  @Test
  void anErrorBehindReadsEndsTheConnectionAsItDoesWithoutThem() throws IOException {
    try (TlsServer tls = new TlsServer(folder);
        RawHttp2Client client = tls.connect()) {
      write(client, 7, "Ann");
      assertThat(isDirect(client, "/users/7")).isTrue();
      client.get("/users/7");
      client.get("/users/7");
      client.data(0, true, "of no stream");
      assertThat(client.awaitEnd()).isEqualTo(PROTOCOL_ERROR);
    }
  }
}
