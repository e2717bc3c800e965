package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.base.Cancellation;
import dev.rollcall.store.sqlite.SqliteBackup;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Passwords over HTTP: what is promised of them, and what nobody gets to see. */
@Timeout(60)
@Tag("slow")
class PasswordRoutesTest {

  private static final String JSON = "Content-Type: application/json";
  private static final String PASSWORD = "correct horse";

  /** Of "password", made by crypt(3). */
  private static final String WEAK = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

  private @TempDir Path folder = Path.of("");

  private static TestServer serverWithAUser(Path folder, String... sets) {
    TestServer server = new TestServer(folder, sets);
    server.send("PUT", "/users/1", "{\"name\":\"A\",\"email\":\"a@x.org\"}");
    return server;
  }

  private static String json(String member, String value) {
    return new JsonObject().put(member, value).encode();
  }

  private static int set(TestServer server, long id, String password) {
    return server
        .send("PUT", "/users/" + id + "/password", json("password", password))
        .statusCode();
  }

  private static int setHash(TestServer server, long id, String hash) {
    return server.send("PUT", "/users/" + id + "/password", json("hash", hash)).statusCode();
  }

  private static boolean verify(TestServer server, long id, String password) {
    HttpResponse<Buffer> answer =
        server.send("POST", "/users/" + id + "/password/verify", json("password", password));
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
    JsonObject body = answer.bodyAsJsonObject();
    assertThat(body.fieldNames()).containsExactly("valid");
    return body.getBoolean("valid");
  }

  private static String storedHash(TestServer server, long id) {
    return TestServer.await(server.store.passwordHash(id, new Cancellation())).orElse("none");
  }

  @Test
  void aPasswordIsRightUntilAnotherIsSet() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      assertThat(verify(server, 1, PASSWORD)).as("a user without a password").isFalse();
      assertThat(verify(server, 2, PASSWORD)).as("nobody").isFalse();
      assertThat(set(server, 2, PASSWORD)).isEqualTo(404);
      assertThat(set(server, 1, PASSWORD)).isEqualTo(204);
      assertThat(verify(server, 1, PASSWORD)).isTrue();
      assertThat(verify(server, 1, "Correct horse")).isFalse();
      assertThat(verify(server, 1, "c")).isFalse();
      assertThat(verify(server, 2, PASSWORD)).isFalse();
      assertThat(set(server, 1, "another horse")).isEqualTo(204);
      assertThat(verify(server, 1, PASSWORD)).isFalse();
      assertThat(verify(server, 1, "another horse")).isTrue();
    }
  }

  @Test
  void anyScriptWillDoFromAnyKeyboard() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      for (String password :
          List.of(
              "пароль密码",
              "😀".repeat(8),
              "😀".repeat(1024),
              "語".repeat(1024),
              "x".repeat(1024),
              "        ",
              "\u0001\u0002\n\t\u007f\u202e\ufeff\u2028",
              "\"\\/'{}[]")) {
        assertThat(set(server, 1, password)).as(password).isEqualTo(204);
        assertThat(verify(server, 1, password)).as(password).isTrue();
      }
      set(server, 1, "Am\u00e9lie12");
      assertThat(verify(server, 1, "Ame\u0301lie12")).isTrue();
      assertThat(verify(server, 1, "Amelie12")).isFalse();
    }
  }

  @Test
  void whatBcryptDoesNotCompareIsNeverStored() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      String of72 = "$2b$04$......................SZFhVdUK5wGKY4lx/QrgUMHG0XsWjbi";
      String head = "x".repeat(72);
      assertThat(setHash(server, 1, of72)).isEqualTo(204);
      assertThat(verify(server, 1, head + " and whatever a guess has there")).isTrue();
      assertThat(storedHash(server, 1)).isEqualTo(of72);
      assertThat(verify(server, 1, head + " and what it really is")).isTrue();
      assertThat(verify(server, 1, head)).isTrue();
      assertThat(storedHash(server, 1)).startsWith("$argon2id$");
      assertThat(verify(server, 1, head + "y")).isFalse();
      assertThat(setHash(server, 1, WEAK)).isEqualTo(204);
      assertThat(verify(server, 1, "password\u0000")).isFalse();
      assertThat(verify(server, 1, "password\u0000password")).isFalse();
      assertThat(storedHash(server, 1)).isEqualTo(WEAK);
    }
  }

  @Test
  void anImportedHashIsRenewedWithTheRightPassword() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      assertThat(setHash(server, 1, WEAK)).isEqualTo(204);
      assertThat(verify(server, 1, "wrong horse")).isFalse();
      assertThat(storedHash(server, 1)).isEqualTo(WEAK);
      assertThat(verify(server, 1, "password")).isTrue();
      assertThat(storedHash(server, 1)).startsWith("$argon2id$v=19$m=1024,t=1,p=1$");
      assertThat(verify(server, 1, "password")).isTrue();
      String dearer =
          "$argon2id$v=19$m=1025,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U";
      assertThat(setHash(server, 1, dearer)).isEqualTo(400);
      assertThat(verify(server, 1, "password")).isTrue();
    }
  }

  @Test
  void aHashThatWasCurrentIsRenewedWhenMoreIsConfigured() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      set(server, 1, PASSWORD);
    }
    try (TestServer server = new TestServer(folder, "credentials.iterations=3")) {
      assertThat(verify(server, 1, PASSWORD)).isTrue();
      assertThat(storedHash(server, 1)).startsWith("$argon2id$v=19$m=1024,t=3,p=1$");
    }
    try (TestServer server = new TestServer(folder, "credentials.memory=512KiB")) {
      assertThat(verify(server, 1, PASSWORD)).as("stronger than needed").isTrue();
      assertThat(storedHash(server, 1)).startsWith("$argon2id$v=19$m=1024,t=3,p=1$");
    }
  }

  @Test
  void theUserAndThePasswordLeaveEachOtherAlone() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      HttpResponse<Buffer> before = server.get("/users/1");
      String feed = server.get("/users/changes").bodyAsString();
      setHash(server, 1, WEAK);
      verify(server, 1, "password");
      set(server, 1, PASSWORD);
      HttpResponse<Buffer> after = server.get("/users/1");
      assertThat(after.bodyAsString()).isEqualTo(before.bodyAsString());
      assertThat(after.getHeader("ETag")).isEqualTo(before.getHeader("ETag"));
      assertThat(server.get("/users/changes").bodyAsString()).isEqualTo(feed);
      HttpResponse<Buffer> unchanged =
          TestServer.await(
              server
                  .request("GET", "/users/1")
                  .putHeader("If-None-Match", before.getHeader("ETag"))
                  .send());
      assertThat(unchanged.statusCode()).isEqualTo(304);

      assertThat(server.send("PUT", "/users/1", "{\"name\":\"B\"}").statusCode()).isEqualTo(200);
      assertThat(server.send("PATCH", "/users/1", "{\"name\":\"C\"}").statusCode()).isEqualTo(200);
      server.importLines("{\"id\":1,\"name\":\"D\"}\n");
      assertThat(verify(server, 1, PASSWORD)).isTrue();

      TestServer.await(server.request("DELETE", "/users/1").send());
      assertThat(verify(server, 1, PASSWORD)).isFalse();
      server.send("PUT", "/users/1", "{\"name\":\"Another\"}");
      assertThat(verify(server, 1, PASSWORD)).isFalse();
      assertThat(storedHash(server, 1)).isEqualTo("none");
    }
  }

  @Test
  void nobodyGetsToSeeAPasswordOrAHash() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    Logger access = (Logger) LoggerFactory.getLogger("rollcall.access");
    Level accessLevel = access.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    StringBuilder told = new StringBuilder();
    try (TestServer server = serverWithAUser(folder)) {
      root.setLevel(Level.DEBUG);
      access.setLevel(Level.DEBUG);
      root.addAppender(log);
      List<HttpResponse<Buffer>> answers = new ArrayList<>();
      String at = "/users/1/password";
      answers.add(server.send("PUT", at, json("hash", WEAK)));
      answers.add(server.send("POST", at + "/verify", json("password", "secret guess")));
      answers.add(server.send("POST", at + "/verify", json("password", "password")));
      String first = storedHash(server, 1);
      answers.add(server.send("PUT", at, json("password", "secret horse")));
      String second = storedHash(server, 1);
      answers.add(server.send("POST", at + "/verify", json("password", "secret horse")));
      answers.add(server.send("PUT", at, json("hash", "$6$secret")));
      answers.add(server.send("PUT", at, json("hash", "$2b$99$secret")));
      answers.add(server.send("PUT", at, json("hash", "$argon2id$secret")));
      answers.add(server.send("PUT", at, json("password", "secret")));
      answers.add(server.send("PUT", at, "{\"password\":\"secret horse\",\"hash\":\"secret\"}"));
      answers.add(server.send("PUT", at, "{\"password\":[\"secret horse\"]}"));
      answers.add(server.send("PUT", at, "{\"password\":\"secret horse"));
      answers.add(server.send("PUT", at, "{\"password\":secret}"));
      answers.add(server.send("PUT", "/users/9/password", json("password", "secret horse")));
      for (String path :
          List.of("/users/1", "/users", "/users/export", "/users/changes", "/users?name=a", at)) {
        answers.add(server.get(path));
      }
      answers.forEach(answer -> told.append(answer.headers()).append(answer.bodyAsString()));
      told.append(events(server));
      server.registry.getMeters().forEach(meter -> told.append(meter.getId()).append('\n'));
      log.list.forEach(event -> told.append(event).append(event.getKeyValuePairs()).append('\n'));
      assertThat(log.list).anyMatch(event -> event.getLoggerName().equals("rollcall.access"));
      assertThat(told).contains("/users/1/password", "rollcall.credentials.hashing");
      assertThat(told.toString())
          .doesNotContain("secret", WEAK, first, second, "$argon2id", "m=1024", WEAK.substring(7));
    } finally {
      root.detachAppender(log);
      root.setLevel(level);
      access.setLevel(accessLevel);
    }
  }

  private static String events(TestServer server) throws IOException {
    try (RawClient raw = server.raw()) {
      raw.head("GET /users/changes", "Accept: text/event-stream");
      StringBuilder events = new StringBuilder().append(raw.readHead());
      while (!events.toString().contains("event: created")) {
        events.append(raw.readChunk());
      }
      return events.toString();
    }
  }

  /** Keeps the threads that hash from beginning anything. */
  private static final class HeldThreads implements AutoCloseable {
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<Future<Void>> held = new ArrayList<>();
    private final WorkerExecutor executor;

    HeldThreads(TestServer server) throws InterruptedException {
      // Executors of one name share their threads.
      executor = server.vertx.createSharedWorkerExecutor("rollcall-credentials");
      int threads = server.settings.credentials().threads();
      CountDownLatch begun = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        held.add(
            executor.executeBlocking(
                () -> {
                  begun.countDown();
                  go.await();
                  return null;
                },
                false));
      }
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    void letGo() {
      go.countDown();
      held.forEach(TestServer::await);
    }

    @Override
    public void close() {
      letGo();
      TestServer.await(executor.close());
    }
  }

  private static double gauge(TestServer server, String name) {
    return server.registry.get("rollcall.credentials." + name).gauge().value();
  }

  private static double count(TestServer server, String name) {
    return server.registry.get("rollcall.credentials." + name).counter().count();
  }

  private static void awaitGauge(TestServer server, String name, double value) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(gauge(server, name)).isEqualTo(value));
  }

  private static RawClient asking(TestServer server) throws IOException {
    return asking(server, 1, PASSWORD);
  }

  private static RawClient asking(TestServer server, long id, String password) throws IOException {
    String body = json("password", password);
    return server
        .raw()
        .head("POST /users/" + id + "/password/verify", JSON, "Content-Length: " + body.length())
        .send(body);
  }

  @Test
  void whoComesWhenTheQueueIsFullIsToldWhenToComeBack() throws Exception {
    try (TestServer server =
            serverWithAUser(
                folder,
                "credentials.threads=2",
                "credentials.queue=28",
                // The user has no password, so all guesses are wrong.
                "credentials.slowdown=0s");
        HeldThreads held = new HeldThreads(server)) {
      List<RawClient> waiting = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        waiting.add(asking(server));
      }
      awaitGauge(server, "admitted", 30);
      try (RawClient late = asking(server)) {
        RawClient.Answer answer = late.read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("retry-after", "1");
        JsonObject problem = new JsonObject(answer.body());
        assertThat(problem.getInteger("retryAfter")).isEqualTo(1);
        assertThat(problem.getString("detail")).isEqualTo("too many passwords wait to be hashed");
      }
      try (RawClient later = asking(server)) {
        assertThat(later.read().status()).isEqualTo(503);
      }
      // Nothing else waits for that.
      assertThat(server.get("/users/1").statusCode()).isEqualTo(200);
      assertThat(setHash(server, 1, WEAK)).as("an import hashes nothing").isEqualTo(204);
      assertThat(count(server, "shed")).isEqualTo(2);
      held.letGo();
      for (RawClient client : waiting) {
        assertThat(client.read().status()).isEqualTo(200);
        client.close();
      }
      awaitGauge(server, "admitted", 0);
      assertThat(gauge(server, "waiting")).isZero();
      assertThat(set(server, 1, PASSWORD)).isEqualTo(204);
      assertThat(verify(server, 1, PASSWORD)).isTrue();
    }
  }

  @Test
  void manyAtOnceAreEachAnsweredAndAllPermitsComeBack() throws IOException {
    try (TestServer server =
        serverWithAUser(folder, "credentials.threads=2", "credentials.queue=16")) {
      set(server, 1, PASSWORD);
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        clients.add(asking(server));
      }
      int right = 0;
      for (RawClient client : clients) {
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isIn(200, 503);
        right += answer.status() == 200 ? 1 : 0;
        client.close();
      }
      assertThat(right).isGreaterThanOrEqualTo(18);
      assertThat(count(server, "shed")).isEqualTo(300 - right);
      awaitGauge(server, "admitted", 0);
      assertThat(server.limits.inFlight()).isZero();
    }
  }

  @Test
  void theWorkOfAClientThatHangsUpIsNotBegun() throws Exception {
    try (TestServer server = serverWithAUser(folder, "credentials.threads=1");
        HeldThreads held = new HeldThreads(server)) {
      String body = json("password", PASSWORD);
      try (RawClient setting =
              server.raw().head("PUT /users/1/password", JSON, "Content-Length: " + body.length());
          RawClient verifying = asking(server);
          RawClient patient = asking(server)) {
        setting.send(body);
        awaitGauge(server, "admitted", 3);
        setting.reset();
        verifying.reset();
        await().until(() -> server.limits.inFlight() == 1);
        held.letGo();
        assertThat(patient.read().status()).isEqualTo(200);
      }
      awaitGauge(server, "admitted", 0);
      assertThat(count(server, "dropped")).isEqualTo(2);
      assertThat(server.registry.get("rollcall.credentials.hashing").timer().count()).isEqualTo(1);
      assertThat(storedHash(server, 1)).isEqualTo("none");
    }
  }

  @Test
  void manyWrongGuessesSlowDownTheirOwnAnswersOnly() throws IOException {
    try (TestServer server = serverWithAUser(folder, "credentials.slowdown=1600ms")) {
      set(server, 1, PASSWORD);
      for (long id = 1; id <= 2; id++) {
        for (int i = 0; i < 15; i++) {
          assertThat(verify(server, id, "wrong horse")).isFalse();
        }
      }
      long start = System.nanoTime();
      try (RawClient known = asking(server, 1, "wrong horse");
          RawClient unknown = asking(server, 2, "wrong horse")) {
        await().until(() -> server.limits.inFlight() == 2);
        assertThat(verify(server, 3, "wrong horse")).isFalse();
        // Those two are held back still.
        await().until(() -> server.limits.inFlight() == 2);
        assertThat(known.read().status()).isEqualTo(200);
        assertThat(unknown.read().status()).isEqualTo(200);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Duration.ofMillis(1590));
      assertThat(verify(server, 1, PASSWORD)).isTrue();
    }
  }

  @Test
  void aBackupHoldsThePasswords() throws IOException {
    SqliteBackup.Copy copy;
    try (TestServer server = serverWithAUser(folder)) {
      set(server, 1, PASSWORD);
      copy = TestServer.await(server.store.backup(folder.resolve("backups"), 7).run());
      set(server, 1, "another horse");
    }
    Path restored = folder.resolve("restored");
    Files.createDirectories(restored);
    Files.copy(copy.path(), restored.resolve("rollcall.db"));
    try (TestServer server = new TestServer(restored)) {
      assertThat(verify(server, 1, PASSWORD)).isTrue();
      assertThat(verify(server, 1, "another horse")).isFalse();
    }
  }

  @Test
  void aPasswordIsDurableOnceItIsAcknowledged() throws IOException {
    try (TestServer server = serverWithAUser(folder)) {
      set(server, 1, PASSWORD);
    }
    try (TestServer server = new TestServer(folder)) {
      assertThat(verify(server, 1, PASSWORD)).isTrue();
    }
  }
}
