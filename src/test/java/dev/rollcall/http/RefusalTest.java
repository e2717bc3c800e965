package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused by its form alone, and what becomes of the connection. */
@Tag("slow")
class RefusalTest {

  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String TOO_LONG = "x".repeat(20_000);

  @Test
  void aBodyOverTheLimitIsRefusedByItsLengthOrOnceItIsTooLong(@TempDir Path folder)
      throws IOException {
    try (TestServer server = new TestServer(folder, "http.bodyLimit=1KiB")) {
      try (RawClient raw = server.raw()) {
        RawClient.Answer answer =
            raw.head("POST /users", "Content-Type: application/json", "Content-Length: 1025")
                .read();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.headers()).containsEntry("connection", "close");
        assertThat(raw.awaitClose()).isTrue();
      }
      try (RawClient raw = server.raw()) {
        raw.head("POST /users", "Content-Type: application/json", "Transfer-Encoding: chunked");
        raw.send("200\r\n" + " ".repeat(512) + "\r\n").send("201\r\n" + " ".repeat(513) + "\r\n");
        assertThat(raw.read().status()).isEqualTo(413);
        // What is still sent is dropped until its end, and does not reset the answer away.
        raw.send("3\r\nabc\r\n").send("0\r\n\r\n");
        assertThat(raw.awaitClose()).isTrue();
      }
      assertThat(server.send("POST", "/users", " ".repeat(1010) + "{\"name\":\"a\"}").statusCode())
          .isEqualTo(201);
      await().until(() -> server.limits.inFlight() == 0);
    }
  }

  @Test
  void anExpectationIsMetOnceTheHeadersAreFine(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      raw.head(
          "POST /users",
          "Content-Type: application/json",
          "Content-Length: 12",
          "Expect: 100-continue");
      assertThat(raw.readHead().status()).isEqualTo(100);
      assertThat(raw.send("{\"name\":\"e\"}").read().status()).isEqualTo(201);
      raw.head(
          "POST /users", "Content-Type: application/json", "Content-Length: 12", "Expect: 200-ok");
      assertThat(raw.read().status()).isEqualTo(417);
      assertThat(raw.awaitClose()).isTrue();
      try (RawClient other = server.raw()) {
        other.head(
            "POST /users",
            "Content-Type: text/plain",
            "Content-Length: 12",
            "Expect: 100-continue");
        assertThat(other.read().status()).isEqualTo(415);
        assertThat(other.awaitClose()).isTrue();
      }
    }
  }

  @Test
  void aClientOfHttp10IsNotToldToGoOn(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      for (String expectation : List.of("100-continue", "anything")) {
        try (RawClient raw = server.raw()) {
          raw.send("POST /users HTTP/1.0\r\nHost: a\r\n" + JSON + "Content-Length: 12\r\n");
          raw.send("Expect: " + expectation + "\r\n\r\n{\"name\":\"e\"}");
          assertThat(raw.read().status()).isEqualTo(201);
        }
      }
    }
  }

  @Test
  void ofSeveralExpectationsNoneIsMet(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      String[] fields = {
        "Content-Type: application/json",
        "Content-Length: 12",
        "Expect: 100-continue",
        "Expect: 100-continue"
      };
      assertThat(raw.head("POST /users", fields).read().status()).isEqualTo(417);
      assertThat(raw.awaitClose()).isTrue();
    }
  }

  @Test
  void whatFollowsAMalformedHeadIsNotRead(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      String next = "PUT /users/9 HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: 12\r\n\r\n";
      for (String bad :
          List.of("X: a\r\n b\r\n", ": a\r\n", "Transfer-Encoding: gzip, chunked\r\n")) {
        for (String body : List.of("", "0\r\n\r\n")) {
          try (RawClient raw = server.raw()) {
            raw.send("GET /users HTTP/1.1\r\nHost: a\r\n" + bad + "\r\n" + body);
            raw.sendOrStop(next + "{\"name\":\"e\"}");
            assertThat(raw.read().status()).isIn(400, 501);
            raw.awaitClose();
          }
        }
      }
      assertThat(server.get("/users/9").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aMalformedHeadIsFoundInWhateverPiecesItComes(@TempDir Path folder) throws IOException {
    String good = "GET /users/1 HTTP/1.1\r\nHost: a\r\nX: a b\r\nY:\r\n\r\n";
    String folded = "GET /users/1 HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n";
    String nameless = "GET /users/1 HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n";
    try (TestServer server = new TestServer(folder)) {
      for (String head : List.of(folded, nameless)) {
        for (int cut = 1; cut < head.length(); cut++) {
          try (RawClient raw = server.raw()) {
            raw.send(good);
            assertThat(raw.read().status()).isEqualTo(404);
            raw.send(head.substring(0, cut));
            raw.sendOrStop(head.substring(cut));
            assertThat(raw.read().status()).as("cut at %s", cut).isEqualTo(400);
          }
        }
      }
      try (RawClient raw = server.raw()) {
        raw.send("\r\n" + good + good + good);
        for (int i = 0; i < 3; i++) {
          assertThat(raw.read().status()).isEqualTo(404);
        }
      }
    }
  }

  @Test
  void aTypeThatIsRefusedIsToldWhatIsTaken(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      String patches = "application/merge-patch+json, application/json";
      String xml = "Content-Type: application/xml";
      RawClient.Answer patch = raw.head("PATCH /users/1", xml, "Content-Length: 0").read();
      assertThat(patch.status()).isEqualTo(415);
      assertThat(patch.headers())
          .containsEntry("accept-patch", patches)
          .containsEntry("accept", patches)
          .doesNotContainKey("accept-encoding");
      RawClient.Answer create = raw.head("POST /users", xml, "Content-Length: 0").read();
      assertThat(create.headers())
          .containsEntry("accept", "application/json")
          .doesNotContainKey("accept-patch");
      RawClient.Answer imported = raw.head("POST /users/import", xml, "Content-Length: 0").read();
      assertThat(imported.headers()).containsEntry("accept", "application/x-ndjson");
      RawClient.Answer coded =
          raw.head(
                  "PATCH /users/1",
                  "Content-Type: application/json",
                  "Content-Encoding: gzip",
                  "Content-Length: 0")
              .read();
      assertThat(coded.status()).isEqualTo(415);
      assertThat(coded.headers())
          .containsEntry("accept-encoding", "identity")
          .doesNotContainKey("accept-patch");
    }
  }

  @Test
  void whatIsNoRequestIsToldSoAndTheConnectionClosed(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      assertRefused(server, 414, "GET /" + TOO_LONG + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertRefused(server, 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + TOO_LONG + "\r\n\r\n");
      assertRefused(server, 400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n");
      assertRefused(server, 400, "nonsense\r\n\r\n");
      assertRefused(
          server, 400, "POST /users HTTP/1.1\r\nHost: a\r\n" + JSON + CHUNKED + "\r\nzz\r\n");
      await().until(() -> server.limits.inFlight() == 0 && server.limits.connections() == 0);
    }
  }

  private static void assertRefused(TestServer server, int status, String bytes)
      throws IOException {
    try (RawClient raw = server.raw()) {
      RawClient.Answer answer = raw.send(bytes).read();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
      assertThat(new JsonObject(answer.body()).getString("requestId")).isNotEmpty();
      assertThat(answer.headers()).containsEntry("connection", "close");
      raw.awaitClose();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder);
        RawClient raw = server.raw()) {
      String put = "PUT /users/1 HTTP/1.1\r\nHost: a\r\n" + JSON + "Content-Length: 12\r\n\r\n";
      String get = "GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n";
      raw.send(get + put + "{\"name\":\"P\"}" + get + get + put + "{\"name\":\"Q\"}" + get);
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        statuses.add(raw.read().status());
      }
      assertThat(statuses).containsExactly(404, 201, 200, 200, 200, 200);
      assertThat(server.limits.inFlight()).isZero();
    }
  }

  @Test
  void pathsAndMethodsAreToldApart(@TempDir Path folder) throws IOException {
    try (TestServer server = new TestServer(folder)) {
      assertThat(server.get("/users/import").statusCode()).isEqualTo(405);
      assertThat(server.get("/users/import").getHeader("Allow")).isEqualTo("POST");
      HttpResponse<Buffer> options = TestServer.await(server.request("OPTIONS", "/users/5").send());
      assertThat(options.statusCode()).isEqualTo(405);
      assertThat(options.getHeader("Allow")).isEqualTo("GET, HEAD, PUT, PATCH, DELETE");
      for (String target :
          List.of("/nowhere", "/users/", "/users/5/", "/users/5/x", "/Users", "//")) {
        HttpResponse<Buffer> unknown = server.get(target);
        assertThat(unknown.statusCode()).as(target).isEqualTo(404);
        assertThat(unknown.bodyAsJsonObject().getString("detail")).doesNotContain("User");
      }
      for (String target :
          List.of(
              "/users/0",
              "/users/x",
              "/users/01",
              "/users/%zz",
              "/users/9007199254740992",
              "/users/5?a=%z",
              "/users?limit=0",
              "/users?limit=1&limit=1",
              "/users?after=x",
              "/users?foo=1",
              "/users?email=",
              "/users?name=%ff")) {
        HttpResponse<Buffer> bad = server.get(target);
        assertThat(bad.statusCode()).as(target).isEqualTo(400);
      }
      assertThat(
              server
                  .get("/users?foo=1")
                  .bodyAsJsonObject()
                  .getJsonArray("errors")
                  .getJsonObject(0)
                  .getString("pointer"))
          .isEqualTo("?foo");
      try (RawClient raw = server.raw()) {
        assertThat(raw.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").read().status())
            .isEqualTo(404);
        assertThat(raw.send("GET / HTTP/1.1\r\n\r\n").read().status()).isEqualTo(400);
        assertThat(raw.send("GET /users/1 HTTP/1.1\r\n\r\n").read().status()).isEqualTo(400);
      }
    }
  }
}
