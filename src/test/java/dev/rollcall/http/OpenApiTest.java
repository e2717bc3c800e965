package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.Scope;
import dev.rollcall.access.TestAuthentication;
import dev.rollcall.base.Cancellation;
import dev.rollcall.operations.Operation;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drives every answer that the document tells of, and finds no other. */
@Tag("slow")
class OpenApiTest {

  private static final String NO_SUCH_PATH = "/components/responses/NoSuchPath";
  private static final String NOT_ALLOWED = "/components/responses/MethodNotAllowed";
  private static final String UNKNOWN_CODING = "/components/responses/UnknownTransferCoding";
  private static final String INTERNAL = "/components/responses/InternalError";

  /** What is answered where there is no operation, or whatever the operation. */
  static final Set<String> OF_NO_OPERATION =
      Set.of(NO_SUCH_PATH, NOT_ALLOWED, UNKNOWN_CODING, INTERNAL);

  private static final String JSON = "Content-Type: application/json";
  private static final String NDJSON = "Content-Type: application/x-ndjson";
  private static final String EVENTS = "Accept: text/event-stream";

  /** The operations that take a body, with one that they take. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("POST /users", "{\"name\":\"A\"}"),
          Map.entry("PUT /users/{id}", "{\"name\":\"A\"}"),
          Map.entry("PATCH /users/{id}", "{\"name\":\"A\"}"),
          Map.entry("POST /users/import", "{\"name\":\"A\"}\n"),
          Map.entry("PUT /users/{id}/password", "{\"password\":\"correct horse\"}"),
          Map.entry("POST /users/{id}/password/verify", "{\"password\":\"correct horse\"}"),
          Map.entry("POST /views/{view}/batch", "{\"ids\":[2]}"),
          Map.entry("POST /jobs", "{\"view\":\"profile\",\"ids\":[2]}"),
          Map.entry("POST /keys", "{\"name\":\"A\",\"scopes\":[\"jobs\"]}"),
          Map.entry("PUT /followers/{name}", "{\"after\":0}"),
          Map.entry("POST /followers/{name}/position", "{\"seq\":0}"),
          Map.entry("PUT /webhooks/{name}", "{\"url\":\"http://127.0.0.1:1/\"}"),
          Map.entry("POST /webhooks/{name}/replay", "{\"after\":0}"),
          Map.entry("POST /sessions", "{\"id\":1,\"password\":\"correct horse\"}"),
          Map.entry("POST /sessions/refresh", "{\"refreshToken\":\"a\"}"));

  /** With these there are all operations. */
  private static final List<String> SESSIONS =
      List.of(
          "auth.secret=0123456789abcdef0123456789abcdef",
          "auth.sessions.issuer=https://users.example",
          "auth.sessions.audience=rollcall");

  private static TestServer server(Path folder, String... sets) {
    return server(folder, UnaryOperator.identity(), sets);
  }

  private static TestServer server(Path folder, UnaryOperator<Users> between, String... sets) {
    String[] all = Stream.concat(SESSIONS.stream(), Stream.of(sets)).toArray(String[]::new);
    return new TestServer(folder, between, all);
  }

  private final Contract contract = new Contract();
  private final ResponseJudge judge = new ResponseJudge(contract);
  private final Set<String> seen = new TreeSet<>();

  @Test
  void exactlyWhatIsDocumentedIsAnswered(@TempDir Path folder) throws IOException {
    try (TestServer server =
        server(
            folder.resolve("main"),
            "http.bodyLimit=1KiB",
            "http.requestTimeout=1s",
            "log.access=false",
            "sources.account.address=test.account",
            "sources.account.timeout=1s",
            "sources.orders.address=test.orders",
            "views.profile.sources=account,orders",
            "views.profile.required=account",
            "views.profile.modes=all,sequential")) {
      whatSucceeds(server);
      views(server);
      jobs(server);
      keys(server, folder.resolve("main"));
      followers(server, folder.resolve("main"));
      sessions(server);
      new WebhookAnswers(
              (raw, at, status, body) -> expect(raw, at.operation(), at.path(), status, body, JSON))
          .drive(server);
      try (TestServer withoutSecret =
          new TestServer(folder.resolve("secretless"), UnaryOperator.identity())) {
        new ErasureAnswers(
                (raw, at, status, body) ->
                    expect(raw, at.operation(), at.path(), status, body, JSON))
            .drive(server, withoutSecret);
      }
      whatIsMalformed(server);
      whatPagesMayNotDo(server);
      whatContradictsTheStore(server);
      whatIsTooMuchOrLate(server);
    }
    whatIsNoLongerKept(folder.resolve("pruned"));
    whatIsTurnedAway(folder.resolve("busy"));
    whatOtherNodesKeep(folder.resolve("remote"));
    whatWaitsForNoThread(folder.resolve("hashing"));
    whatCallersMayNotDo(folder.resolve("callers"));
    whatIsAskedTooOften(folder.resolve("often"));
    assertThat(seen).isEqualTo(contract.statuses());
  }

  private void whatSucceeds(TestServer server) throws IOException {
    try (RawClient raw = server.raw()) {
      expect(raw, "GET /", 200, "");
      expect(raw, "GET /openapi.yaml", 200, "");
      expect(raw, "GET /asyncapi.yaml", 200, "");
      expect(raw, "GET /", 302, "", "Accept: text/html");
      for (String file : List.of("GET /docs", "GET /docs/page.js", "GET /docs/page.css")) {
        expect(raw, file, 200, "");
        expect(raw, file, 304, "", "If-None-Match: *");
      }
      expect(raw, "GET /users/changes", 200, "");
      expect(raw, "GET /users/export", 200, "");
      String key = "Idempotency-Key: 8e03978e-40d5-43e8-bc93-6894a57f9324";
      expect(raw, "POST /users", 201, "{\"name\":\"A\",\"email\":\"a@b.org\"}", JSON, key);
      expect(raw, "POST /users", 201, "{\"name\":\"A\",\"email\":\"a@b.org\"}", JSON, key);
      expect(raw, "PUT /users/{id}", "/users/2", 201, "{\"name\":\"B\"}", JSON);
      expect(raw, "PUT /users/{id}", "/users/2", 200, "{\"name\":\"C\"}", JSON);
      expect(raw, "PATCH /users/{id}", "/users/2", 200, "{\"attributes\":{\"a\":1}}", JSON);
      expect(
          raw,
          "PATCH /users/{id}",
          "/users/2",
          200,
          "{\"email\":null}",
          "Content-Type: application/merge-patch+json");
      expect(raw, "GET /users/{id}", "/users/2", 200, "");
      expect(raw, "GET /users/{id}", "/users/2", 304, "", "If-None-Match: *");
      expect(raw, "GET /users", "/users?limit=1", 200, "");
      expect(raw, "GET /users", "/users?name=nobody", 200, "");
      expect(raw, "GET /users/export", 200, "");
      expect(
          raw,
          "POST /users/import",
          200,
          "{\"id\":3,\"name\":\"D\"}\n{\"id\":3,\"name\":\"E\"}\n{}\nx\n",
          NDJSON);
      expect(raw, "DELETE /users/{id}", "/users/3", 204, "");
      passwords(raw);
      expect(raw, "GET /users/changes", 200, "");
      expect(raw, "GET /users/changes", "/users/changes?after=2&limit=1", 200, "");
    }
    events(server);
  }

  private void passwords(RawClient raw) throws IOException {
    String set = "PUT /users/{id}/password";
    String verify = "POST /users/{id}/password/verify";
    String right = "{\"password\":\"correct horse\"}";
    expect(raw, set, "/users/2/password", 204, right, JSON);
    expect(raw, verify, "/users/2/password/verify", 200, right, JSON);
    expect(raw, verify, "/users/2/password/verify", 200, "{\"password\":\"wrong\"}", JSON);
    expect(raw, verify, "/users/99/password/verify", 200, right, JSON);
    String hash = "{\"hash\":\"$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm\"}";
    expect(raw, set, "/users/2/password", 204, hash, JSON);
    expect(raw, set, "/users/2/password", 400, "{\"hash\":\"$1$\"}", JSON);
    expect(raw, set, "/users/99/password", 404, right, JSON);
  }

  private void events(TestServer server) throws IOException {
    try (RawClient raw = server.raw()) {
      RawClient.Answer head = raw.head("GET /users/changes", EVENTS).readHead();
      StringBuilder events = new StringBuilder();
      while (!events.toString().contains("event: deleted")) {
        events.append(raw.readChunk());
      }
      RawClient.Answer answer = new RawClient.Answer(200, head.headers(), events.toString());
      judge.check("GET /users/changes", answer, false);
      seen.add("GET /users/changes 200");
    }
    try (RawClient raw = server.raw()) {
      judge.check("GET /users/changes", raw.head("HEAD /users/changes", EVENTS).readHead(), true);
    }
  }

  private void views(TestServer server) throws IOException {
    server.vertx.eventBus().<JsonObject>consumer("test.account", OpenApiTest::account);
    server.send("PUT", "/users/11", "{\"name\":\"Absent\"}");
    server.send("PUT", "/users/12", "{\"name\":\"Failing\"}");
    server.send("PUT", "/users/13", "{\"name\":\"Late\"}");
    String view = "GET /users/{id}/views/{view}";
    try (RawClient raw = server.raw()) {
      expect(raw, "GET /views", 200, "");
      expect(raw, view, "/users/2/views/profile", 200, "");
      expect(raw, view, "/users/2/views/profile?mode=sequential", 200, "");
      expect(raw, view, "/users/2/views/profile?explain=true", 200, "");
      expect(raw, view, "/users/2/views/profile?explain=true", 200, "", EVENTS);
      expect(raw, view, "/users/12/views/profile", 200, "", EVENTS);
      expect(raw, view, "/users/99/views/profile", 404, "", EVENTS);
      expect(raw, view, "/users/11/views/profile", 200, "", "Rollcall-Deadline-Ms: 60000");
      expect(raw, view, "/users/12/views/profile", 502, "");
      expect(raw, view, "/users/13/views/profile", 504, "");
      expect(raw, view, "/users/99/views/profile", 404, "");
      expect(raw, view, "/users/2/views/nothing", 404, "");
      expect(raw, view, "/users/2/views/profile?mode=race", 400, "");
      expect(raw, view, "/users/2/views/profile", 400, "", "Rollcall-Deadline-Ms: 0");
      String batch = "POST /views/{view}/batch";
      String ids = "{\"ids\":[2,99,11,12,13,2],\"concurrency\":2,\"mode\":\"sequential\"}";
      expect(raw, batch, 200, ids, JSON);
      expect(raw, batch, 400, "{\"ids\":[0],\"concurrency\":0}", JSON);
      expect(raw, batch, "/views/nothing/batch", 404, "{\"ids\":[2]}", JSON);
    }
  }

  private void jobs(TestServer server) throws IOException {
    String start = "POST /jobs";
    String key = "Idempotency-Key: 00000000-0000-0000-0000-00000000000a";
    String ids = "{\"view\":\"profile\",\"ids\":[2,99,11,12],\"concurrency\":2}";
    try (RawClient raw = server.raw()) {
      expect(raw, start, 202, ids, JSON, key);
      expect(raw, start, 202, ids, JSON, key);
      expect(raw, start, 409, "{\"view\":\"profile\",\"ids\":[2]}", JSON, key);
      expect(raw, start, 202, "{\"view\":\"profile\",\"all\":true}", JSON);
      expect(raw, start, 202, "{\"import\":{\"source\":\"account\",\"ids\":[50]}}", JSON);
      expect(raw, start, 400, "{\"view\":\"nothing\",\"ids\":[0],\"x\":1}", JSON);
      for (int id = 1; id <= 3; id++) {
        await().until(ended(server, id));
        expect(raw, "GET /jobs/{id}", "/jobs/" + id, 200, "");
        expect(raw, "GET /jobs/{id}/results", "/jobs/" + id + "/results?after=1", 200, "");
        String events = "/jobs/" + id + "/events";
        expect(raw, "GET /jobs/{id}/events", events, 200, "");
        expect(raw, "GET /jobs/{id}/events", events, 204, "", "Last-Event-ID: end");
      }
      expect(raw, "GET /jobs", "/jobs?limit=2", 200, "");
      expect(raw, "DELETE /jobs/{id}", "/jobs/1", 202, "");
      for (String part : List.of("", "/results", "/events")) {
        expect(raw, "GET /jobs/{id}" + part, "/jobs/99" + part, 404, "");
      }
      expect(raw, "DELETE /jobs/{id}", "/jobs/99", 404, "");
      expect(raw, "GET /jobs/{id}/events", "/jobs/1/events", 400, "", "Last-Event-ID: x");
    }
  }

  private void keys(TestServer server, Path folder) throws IOException {
    String create = "POST /keys";
    String body = "{\"name\":\"A\",\"scopes\":[\"*\"]%s}";
    String end = ",\"expiresAt\":\"2999-01-01T00:00:00.000Z\"";
    try (RawClient raw = server.raw()) {
      expect(raw, "GET /keys", 200, "");
      expect(raw, create, 201, body.formatted(""), JSON);
      expect(raw, create, 201, body.formatted(end), JSON);
      expect(raw, create, 400, body.formatted(",\"id\":1"), JSON);
      expect(raw, "GET /keys", 200, "");
      expect(raw, "GET /keys/{id}", "/keys/1", 200, "");
      expect(raw, "GET /keys/{id}", "/keys/2", 200, "");
      expect(raw, "DELETE /keys/{id}", "/keys/1", 204, "");
      expect(raw, "GET /keys/{id}", "/keys/1", 404, "");
      expect(raw, "DELETE /keys/{id}", "/keys/1", 404, "");
      fillKeys(folder);
      expect(raw, create, 409, body.formatted(""), JSON);
      expect(raw, "GET /keys", 200, "");
    }
  }

  private void followers(TestServer server, Path folder) throws IOException {
    String put = "PUT /followers/{name}";
    String changes = "GET /followers/{name}/changes";
    String move = "POST /followers/{name}/position";
    try (RawClient raw = server.raw()) {
      expect(raw, put, 201, "{\"after\":0}", JSON);
      expect(raw, put, 200, "{}", JSON);
      expect(raw, put, 400, "{\"after\":-1}", JSON);
      expect(raw, put, 410, "{\"after\":9007199254740991}", JSON);
      expect(raw, "GET /followers/{name}", 200, "");
      expect(raw, changes, "/followers/billing/changes?limit=2&wait=1", 200, "");
      expect(raw, changes, "/followers/billing/changes?wait=2m", 400, "");
      expect(raw, move, 200, "{\"seq\":1}", JSON);
      expect(raw, move, 410, "{\"seq\":9007199254740991}", JSON);
      expect(raw, move, 400, "{}", JSON);
      expect(raw, "GET /followers/{name}", 200, "");
      expect(raw, "GET /followers", 200, "");
      expect(raw, "DELETE /followers/{name}", 204, "");
      expect(raw, "DELETE /followers/{name}", 404, "");
      expect(raw, "GET /followers/{name}", 404, "");
      expect(raw, changes, 404, "");
      expect(raw, move, 404, "{\"seq\":1}", JSON);
      fill(
          folder,
          1000,
          "INSERT INTO kept_cursors SELECT i, 'f' || i, 0, 0, NULL, NULL FROM n WHERE i > 0");
      expect(raw, put, 409, "{}", JSON);
      expect(raw, "GET /followers", 200, "");
    }
  }

  private void sessions(TestServer server) throws IOException {
    String body = "{\"%s\":%s,\"password\":\"%s\"}";
    String right = "correct horse";
    server.send("POST", "/users", "{\"id\":30,\"name\":\"A\",\"email\":\"c@b.org\"}");
    server.send("PUT", "/users/30/password", "{\"password\":\"correct horse\"}");
    JsonObject session =
        server.send("POST", "/sessions", body.formatted("id", "30", right)).bodyAsJsonObject();
    String refresh = new JsonObject().put("refreshToken", session.getString("refreshToken")) + "";
    String end = "DELETE /sessions/{id}";
    String path = "/sessions/" + session.getString("id");
    try (RawClient raw = server.raw()) {
      expect(raw, "POST /sessions", 201, body.formatted("email", "\"C@b.org\"", right), JSON);
      expect(raw, "POST /sessions", 401, body.formatted("id", "30", "wrong"), JSON);
      expect(raw, "POST /sessions", 401, body.formatted("email", "\"no@b.org\"", right), JSON);
      expect(raw, "POST /sessions/refresh", 200, refresh, JSON);
      expect(raw, "POST /sessions/refresh", 200, refresh, JSON);
      expect(raw, "POST /sessions/refresh", 401, "{\"refreshToken\":\"a\"}", JSON);
      expect(raw, "GET /.well-known/jwks.json", 200, "");
      expect(raw, end, path, 204, "");
      expect(raw, end, path, 204, "");
      expect(raw, end, "/sessions/1", 404, "");
      expect(raw, "POST /sessions/refresh", 401, refresh, JSON);
      expect(raw, "POST /sessions", 400, "{\"id\":30,\"email\":\"c@b.org\"}", JSON);
    }
  }

  private static void fillKeys(Path folder) {
    fill(
        folder,
        5000,
        "INSERT INTO api_keys SELECT i + 1, 'A', 'jobs', randomblob(32), 0, NULL, NULL, NULL FROM n"
            + " WHERE i > 1");
  }

  /** Inserts rows by a table of the numbers up to one. */
  private static void fill(Path folder, int most, String insertion) {
    String numbers =
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " + most + ") ";
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rollcall.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(numbers + insertion);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Callable<Boolean> ended(TestServer server, int id) {
    return () -> server.get("/jobs/" + id).bodyAsJsonObject().getString("endedAt") != null;
  }

  private void whatOtherNodesKeep(Path folder) throws IOException {
    try (TestServer server =
            server(folder, "store.kind=remote", "cluster.enabled=true", "log.access=false");
        RawClient raw = server.raw()) {
      for (String operation : contract.operations().keySet()) {
        if (operation.contains("/jobs")) {
          expect(raw, operation, path(operation), 501, BODIES.getOrDefault(operation, ""), JSON);
        }
      }
    }
  }

  /** A source that knows nothing of user 11, fails for 12 and is silent about 13. */
  private static void account(Message<JsonObject> question) {
    switch (question.body().getInteger("id")) {
      case 11 -> question.fail(404, "unknown");
      case 12 -> question.fail(500, "broken");
      case 13 -> {}
      default -> question.reply(new JsonObject().put("balance", 12.5));
    }
  }

  private void whatIsMalformed(TestServer server) throws IOException {
    try (RawClient raw = server.raw()) {
      for (String operation : contract.operations().keySet()) {
        String path = path(operation) + "?unknown=1";
        expect(raw, operation, path, 400, BODIES.getOrDefault(operation, ""), type(operation));
      }
      for (String operation : BODIES.keySet()) {
        expect(raw, operation, path(operation), 415, "{}", "Content-Type: text/plain");
      }
      expect(raw, "POST /users", 400, "{\"id\":0,\"phone\":1}", JSON);
      expect(raw, "PUT /users/{id}", "/users/x", 400, "{}", JSON);
      expect(raw, "PATCH /users/{id}", "/users/2", 400, "{\"name\":null}", JSON);
      expect(raw, "GET /users/{id}", "/users/2", 400, "", "If-None-Match: x");
      expect(raw, "GET /users/changes", 400, "", EVENTS, "Last-Event-ID: x");
    }
    try (RawClient raw = server.raw()) {
      raw.head("POST /users/import", NDJSON, "Transfer-Encoding: chunked");
      judged("POST /users/import", 400, raw.send("8\r\n{\"id\":4}\r\nzz\r\n").read());
    }
  }

  private void whatPagesMayNotDo(TestServer server) throws IOException {
    try (RawClient raw = server.raw()) {
      for (String operation : contract.operations().keySet()) {
        expect(raw, operation, path(operation), 403, "", "Origin: https://evil.example");
        raw.send(line(operation) + " HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        judged(operation, 421, raw.readWhole());
      }
    }
  }

  private void whatContradictsTheStore(TestServer server) throws IOException {
    String key = "Idempotency-Key: 8e03978e-40d5-43e8-bc93-6894a57f9324";
    String same = "{\"name\":\"B\",\"email\":\"A@B.org\"}";
    try (RawClient raw = server.raw()) {
      for (String operation : List.of("GET", "PATCH", "DELETE")) {
        expect(raw, operation + " /users/{id}", "/users/99", 404, bodyFor(operation), JSON);
      }
      expect(raw, "POST /users", 409, "{\"id\":1,\"name\":\"B\"}", JSON);
      expect(raw, "POST /users", 409, same, JSON);
      expect(raw, "PUT /users/{id}", "/users/2", 409, same, JSON);
      expect(raw, "PATCH /users/{id}", "/users/2", 409, same, JSON);
      expect(raw, "DELETE /users/{id}", "/users/2", 409, "", key);
      for (String operation : List.of("PUT", "PATCH", "DELETE")) {
        expect(
            raw,
            operation + " /users/{id}",
            "/users/2",
            412,
            bodyFor(operation),
            JSON,
            "If-Match: \"0\"");
      }
      repeatedAfterDeletion(raw, "POST /users", "/users", 201, "{\"id\":20,\"name\":\"A\"}", 20);
      repeatedAfterDeletion(raw, "PUT /users/{id}", "/users/21", 201, "{\"name\":\"A\"}", 21);
      expect(raw, "PUT /users/{id}", "/users/22", 201, "{\"name\":\"A\"}", JSON);
      repeatedAfterDeletion(raw, "PATCH /users/{id}", "/users/22", 200, "{\"name\":\"B\"}", 22);
    }
  }

  private static String bodyFor(String method) {
    return Set.of("PUT", "PATCH").contains(method) ? "{\"name\":\"A\"}" : "";
  }

  private void repeatedAfterDeletion(
      RawClient raw, String operation, String path, int first, String body, int id)
      throws IOException {
    String key = "Idempotency-Key: 00000000-0000-0000-0000-0000000000" + id;
    expect(raw, operation, path, first, body, JSON, key);
    expect(raw, "DELETE /users/{id}", "/users/" + id, 204, "");
    expect(raw, operation, path, 410, body, JSON, key);
  }

  private void whatIsTooMuchOrLate(TestServer server) throws IOException {
    for (String operation : contract.operations().keySet()) {
      String line = line(operation);
      expectThenClose(server, operation, 414, line + "?" + "x".repeat(10_000));
      expectThenClose(server, operation, 431, line, "X-Long: " + "x".repeat(20_000));
      if (BODIES.containsKey(operation)) {
        String type = type(operation);
        expectThenClose(server, operation, 417, line, type, "Content-Length: 9", "Expect: a");
        if (!operation.endsWith("import")) {
          boolean manyIds = operation.endsWith("batch") || operation.endsWith("jobs");
          int limit = manyIds ? BatchRequest.BODY_LIMIT : 1024;
          expectThenClose(server, operation, 413, line, type, "Content-Length: " + (limit + 1));
        }
      }
    }
    bodiesThatDoNotCome(server);
  }

  /** They are waited for at the same time, since each wait lasts as long as a body may take. */
  private void bodiesThatDoNotCome(TestServer server) throws IOException {
    Map<String, RawClient> waiting = new LinkedHashMap<>();
    try {
      for (String operation : BODIES.keySet()) {
        RawClient raw = server.raw();
        waiting.put(operation, raw);
        raw.head(line(operation), type(operation), "Content-Length: 9");
      }
      for (Map.Entry<String, RawClient> each : waiting.entrySet()) {
        judgeThenClose(each.getKey(), 408, each.getValue().read());
      }
    } finally {
      for (RawClient raw : waiting.values()) {
        raw.close();
      }
    }
  }

  private static String line(String operation) {
    return operation.substring(0, operation.indexOf(' ')) + " " + path(operation);
  }

  private static String type(String operation) {
    return operation.endsWith("import") ? NDJSON : JSON;
  }

  private void expectThenClose(
      TestServer server, String operation, int status, String line, String... fields)
      throws IOException {
    try (RawClient raw = server.raw()) {
      judgeThenClose(operation, status, raw.head(line, fields).read());
    }
  }

  private void judgeThenClose(String operation, int status, RawClient.Answer answer) {
    judged(operation, status, answer);
    assertThat(answer.headers()).containsEntry("connection", "close");
  }

  private void whatIsNoLongerKept(Path folder) throws IOException {
    try (TestServer server = server(folder, "changes.keep=1s", "log.access=false");
        RawClient raw = server.raw()) {
      server.send("PUT", "/users/1", "{\"name\":\"A\"}");
      server.send("PUT", "/users/1", "{\"name\":\"B\"}");
      await().until(() -> server.get("/users/changes").statusCode() == 410);
      expect(raw, "GET /users/changes", 410, "");
      expect(raw, "GET /users/changes", 410, "", EVENTS);
      expect(raw, "PUT /followers/{name}", 201, "{}", JSON);
      server.send("PUT", "/users/1", "{\"name\":\"C\"}");
      server.send("PUT", "/users/1", "{\"name\":\"D\"}");
      String changes = "/followers/billing/changes";
      await().until(() -> server.get(changes).statusCode() == 410);
      expect(raw, "GET /followers/{name}/changes", changes + "?wait=9", 410, "");
    }
  }

  private void whatIsTurnedAway(Path folder) throws IOException {
    try (TestServer server = server(folder, "http.inFlightLimit=1", "log.access=false");
        RawClient sending = server.raw()) {
      // There is a place when its head comes, and none when its body is whole.
      sending.head("POST /users", JSON, "Content-Length: 12", "Expect: 100-continue");
      assertThat(sending.readHead().status()).isEqualTo(100);
      assertThat(server.limits.enter()).isTrue();
      judged("POST /users", 503, sending.send("{\"name\":\"A\"}").read());
      for (String operation : contract.operations().keySet()) {
        String path = path(operation);
        try (RawClient raw = server.raw()) {
          expect(raw, operation, path, 503, "");
        }
      }
      server.limits.leave();
      judged(
          "POST /users",
          201,
          sending.head("POST /users", JSON, "Content-Length: 12").send("{\"name\":\"A\"}").read());
    }
  }

  private void whatIsAskedTooOften(Path folder) throws IOException {
    try (TestServer server =
        server(folder, "http.rate.perCaller=1", "http.rate.burst=1", "log.access=false")) {
      for (String operation : contract.operations().keySet()) {
        try (RawClient raw = server.raw()) {
          raw.head("GET /nothing").readWhole();
          expect(raw, operation, path(operation), 429, "");
        }
      }
    }
  }

  private void whatCallersMayNotDo(Path folder) throws IOException {
    String other = "Authorization: Bearer " + TestAuthentication.key("ops");
    try (TestServer server = server(folder, "auth.kind=required", "log.access=false");
        RawClient raw = server.raw()) {
      for (Operation each : Operation.values()) {
        String operation = each.method() + " " + each.template();
        if (each.scope() != Scope.OPEN) {
          expect(raw, operation, path(operation), 401, "");
          expect(raw, operation, path(operation), 401, "", "Authorization: Bearer a");
          expect(raw, operation, path(operation), 403, "", other);
        }
      }
    }
  }

  private void whatWaitsForNoThread(Path folder) throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    try (TestServer server =
            server(folder, "credentials.threads=1", "credentials.queue=0", "log.access=false");
        RawClient first = server.raw();
        RawClient raw = server.raw()) {
      server.send("PUT", "/users/1", "{\"name\":\"A\"}");
      holdTheHashingThread(server.vertx, over);
      String verify = "POST /users/{id}/password/verify";
      String guess = "{\"password\":\"wrong\"}";
      first.head("POST /users/1/password/verify", JSON, "Content-Length: 20").send(guess);
      await().until(() -> server.registry.get("rollcall.credentials.admitted").gauge().value() > 0);
      expect(raw, verify, 503, guess, JSON);
      expect(raw, "PUT /users/{id}/password", 503, "{\"password\":\"correct horse\"}", JSON);
      over.countDown();
      judged(verify, 200, first.read());
    } finally {
      over.countDown();
    }
  }

  /** Takes the one thread that hashes, so that what comes next waits for it however fast it is. */
  private static void holdTheHashingThread(Vertx vertx, CountDownLatch over) {
    WorkerExecutor hashing = vertx.createSharedWorkerExecutor("rollcall-credentials", 1);
    var unused = hashing.executeBlocking(() -> over.await(60, TimeUnit.SECONDS), false);
  }

  @Test
  void whatBelongsToNoOperationIsAsDescribed(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder, Failing::new, "log.access=false");
        RawClient raw = server.raw()) {
      List<String> unknown = List.of("GET /nowhere", "POST /nowhere", "BREW /nowhere");
      for (String line : unknown) {
        judge.checkAt(NO_SUCH_PATH, raw.head(line).read(), false);
      }
      for (String template : paths()) {
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
          if (!contract.operations().containsKey(method + " " + template)) {
            RawClient.Answer answer = raw.head(method + " " + path(" " + template)).read();
            assertThat(answer.status()).isEqualTo(405);
            judge.checkAt(NOT_ALLOWED, answer, false);
            assertThat(answer.headers().get("allow")).isEqualTo(allowed(template));
          }
        }
      }
      RawClient.Answer failed = raw.head("GET /users/1").read();
      assertThat(failed.status()).isEqualTo(500);
      judge.checkAt(INTERNAL, failed, false);
      assertThat(failed.body()).doesNotContain("secret");
      RawClient.Answer unknownCoding =
          raw.head("POST /users", JSON, "Transfer-Encoding: gzip, chunked").read();
      assertThat(unknownCoding.status()).isEqualTo(501);
      judge.checkAt(UNKNOWN_CODING, unknownCoding, false);
    }
  }

  @Test
  void anotherVersionOfHttpIsNotSpoken(@TempDir Path folder) throws IOException {
    try (TestServer server = server(folder, "log.access=false")) {
      for (String version : List.of("HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "RTSP/1.0")) {
        try (RawClient raw = server.raw()) {
          raw.send("GET / " + version + "\r\nHost: test\r\n\r\n");
          assertThat(raw.read().status()).as(version).isEqualTo(501);
          raw.awaitClose();
        }
      }
    }
  }

  /** Users whose store is broken. */
  private static final class Failing extends UsersBetween {
    Failing(Users users) {
      super(users);
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      return Future.failedFuture(new IllegalStateException("secret"));
    }
  }

  private Set<String> paths() {
    Set<String> paths = new TreeSet<>();
    contract.document().path("paths").fieldNames().forEachRemaining(paths::add);
    return paths;
  }

  private String allowed(String template) {
    List<String> allowed = new ArrayList<>();
    JsonNode item = contract.document().path("paths").path(template);
    for (String method : List.of("get", "post", "put", "patch", "delete")) {
      if (item.has(method)) {
        allowed.add(method.equals("get") ? "GET, HEAD" : method.toUpperCase(java.util.Locale.ROOT));
      }
    }
    return String.join(", ", allowed);
  }

  /** The path of an operation, for the user 1 and the view {@code profile} where it names one. */
  private static String path(String operation) {
    return operation
        .substring(operation.indexOf(' ') + 1)
        .replace("{id}", "1")
        .replace("{view}", "profile")
        .replace("{name}", "billing");
  }

  private void expect(RawClient raw, String operation, int status, String body, String... fields)
      throws IOException {
    expect(raw, operation, path(operation), status, body, fields);
  }

  /** Sends a request and judges its answer; where it is a GET, HEAD must answer alike. */
  private void expect(
      RawClient raw, String operation, String path, int status, String body, String... fields)
      throws IOException {
    String method = operation.substring(0, operation.indexOf(' '));
    List<String> all = new ArrayList<>(List.of(fields));
    if (!body.isEmpty()) {
      all.add("Content-Length: " + body.length());
    }
    String[] sent = all.toArray(String[]::new);
    raw.head(method + " " + path, sent).send(body);
    RawClient.Answer answer = raw.readWhole();
    judged(operation, status, answer);
    if (method.equals("GET")) {
      RawClient.Answer head = raw.head("HEAD " + path, sent).readHead();
      assertThat(head.status()).isEqualTo(status);
      judge.check(operation, head, true);
      // There is nothing to be cut into chunks.
      Set<String> names = new TreeSet<>(answer.headers().keySet());
      names.remove("transfer-encoding");
      assertThat(head.headers().keySet()).isEqualTo(names);
    }
  }

  private void judged(String operation, int status, RawClient.Answer answer) {
    assertThat(answer.status()).as("%s: %s", operation, answer.body()).isEqualTo(status);
    judge.check(operation, answer, false);
    seen.add(operation + " " + status);
  }
}
