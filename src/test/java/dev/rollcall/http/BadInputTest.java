package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no client should send. Each gets a problem as documented, and nothing else comes of it: the
 * store is as before, nothing stays in flight, and the server answers the next request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class BadInputTest {

  static final int BODY_LIMIT = 512 * 1024;

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(408, "Request Timeout"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(417, "Expectation Failed"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(501, "Not Implemented"));

  /** Words of libraries, of Java and of stack traces: a client is told none of them. */
  private static final List<String> INTERNALS =
      List.of(
          "Exception",
          "java.",
          "io.netty",
          "vertx",
          "fasterxml",
          "jackson",
          "sqlite",
          "SQL",
          "dev.rollcall",
          "\tat ",
          "null pointer");

  private TestServer server;
  private String stored;
  private String position;
  private String hash;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            "http.bodyLimit=512KiB",
            "http.requestTimeout=2s",
            "log.access=false",
            "sources.account.address=test.account",
            "sources.mail.http=http://127.0.0.1:1/{user.email}",
            "views.profile.sources=account");
    server.send("PUT", "/users/1", BadRequest.json("{'name':'First','email':'first@example.org'}"));
    server.send("PUT", "/users/2", BadRequest.json("{'name':'Second','attributes':{'a':[1]}}"));
    server.send("PUT", "/users/1/password", BadRequest.json("{'password':'correct horse'}"));
    hash = storedHash();
    HttpResponse<Buffer> export = server.get("/users/export");
    stored = export.bodyAsString();
    position = export.getHeader("Rollcall-Changes-After");
    assertThat(stored.lines()).hasSize(2);
  }

  private String storedHash() {
    return TestServer.await(server.store.passwordHash(1, new Cancellation())).orElseThrow();
  }

  @AfterAll
  void nothingElseHasComeOfThemAll() throws IOException {
    assertThat(storedHash()).isEqualTo(hash);
    assertThat(server.get("/jobs").bodyAsJsonObject().getJsonArray("items")).isEmpty();
    assertThat(server.get("/users/1").statusCode()).isEqualTo(200);
    server.close();
  }

  @AfterEach
  void nothingHasComeOfIt() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> server.limits.inFlight() == 0);
    HttpResponse<Buffer> export = server.get("/users/export");
    assertThat(export.bodyAsString()).isEqualTo(stored);
    assertThat(export.getHeader("Rollcall-Changes-After")).isEqualTo(position);
  }

  static Stream<BadRequest> requests() {
    return Stream.of(
            BadBody.requests(),
            BadPasswords.requests(),
            BadViews.requests(),
            BadJobs.requests(),
            BadTargets.requests(),
            BadFields.requests(),
            BadFraming.requests())
        .flatMap(stream -> stream);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefused(BadRequest bad) throws IOException {
    try (RawClient raw = server.raw()) {
      raw.sendOrStop(bad.bytes());
      RawClient.Answer answer = bad.isHead() ? raw.readHead() : raw.read();
      assertThat(answer.status()).as("%s: %s", bad.name(), answer.body()).isEqualTo(bad.status());
      assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
      bad.headers()
          .forEach((name, value) -> assertThat(answer.headers()).containsEntry(name, value));
      if (!bad.isHead()) {
        assertIsProblem(bad, answer);
      }
      assertGoesOn(raw, answer);
    }
  }

  static Stream<BadBody> lines() {
    BadBody tooLong =
        new BadBody("a line too long", Set.of(), " ".repeat(BODY_LIMIT) + "{}", "", "at most");
    return Stream.concat(BadBody.lines(), Stream.of(tooLong));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void failsAloneAsALineOfAnImport(BadBody bad) throws IOException {
    String good = BadRequest.json("{'id':2,'name':'Second','attributes':{'a':[1]}}");
    String body = good + "\n" + bad.bytes() + "\n" + good;
    try (RawClient raw = server.raw()) {
      raw.send(BadRequest.withBody("POST /users/import", "application/x-ndjson", body));
      RawClient.Answer answer = raw.read();
      assertThat(answer.status()).as("%s: %s", bad.name(), answer.body()).isEqualTo(200);
      JsonObject report = new JsonObject(answer.body());
      assertThat(report.getInteger("unchanged")).isEqualTo(2);
      assertThat(report.getInteger("created") + report.getInteger("replaced")).isZero();
      assertThat(report.getInteger("failed")).isEqualTo(1);
      JsonObject error = report.getJsonArray("errors").getJsonObject(0);
      assertThat(error.getInteger("line")).isEqualTo(2);
      assertThat(error.getString("detail")).contains(bad.pointer()).contains(bad.detail());
      assertGoesOn(raw, answer);
    }
  }

  private static void assertIsProblem(BadRequest bad, RawClient.Answer answer) {
    assertThat(answer.body()).doesNotContain(INTERNALS);
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("type")).isEqualTo("about:blank");
    assertThat(problem.getString("title")).isEqualTo(TITLES.get(bad.status()));
    assertThat(problem.getInteger("status")).isEqualTo(bad.status());
    assertThat(problem.getString("detail")).isNotBlank();
    assertThat(problem.getString("requestId"))
        .isNotBlank()
        .isEqualTo(answer.headers().get("x-request-id"));
    assertThat(Set.of("type", "title", "status", "detail", "errors", "requestId"))
        .containsAll(importsAside(problem).fieldNames());
    if (bad.pointer() == null) {
      assertThat(problem.getString("detail")).contains(bad.detail());
    } else {
      JsonArray errors = problem.getJsonArray("errors");
      assertThat(errors).as(answer.body()).isNotNull();
      assertThat(errors.stream().map(JsonObject.class::cast))
          .anySatisfy(
              error -> {
                assertThat(error.getString("pointer")).isEqualTo(bad.pointer());
                assertThat(error.getString("detail")).contains(bad.detail());
              });
    }
  }

  /** A problem without what an import says in addition about how far it got. */
  private static JsonObject importsAside(JsonObject problem) {
    JsonObject rest = problem.copy();
    if (rest.containsKey("lastLine")) {
      List.of("created", "replaced", "unchanged", "failed", "lastLine").forEach(rest::remove);
    }
    return rest;
  }

  /**
   * Either the connection is closed, as the answer says, or the next request on it is answered. If
   * both ends disagreed about where the bad one ended, its rest would be taken for a request.
   */
  private static void assertGoesOn(RawClient raw, RawClient.Answer answer) throws IOException {
    if ("close".equals(answer.headers().get("connection"))) {
      raw.finish();
      raw.awaitClose();
    } else {
      RawClient.Answer next = raw.head("GET /users/1", "X-Request-Id: next").read();
      assertThat(next.headers()).containsEntry("x-request-id", "next");
      assertThat(next.status()).isEqualTo(200);
    }
  }
}
