package dev.rollcall;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.Settings;
import dev.rollcall.store.postgres.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sessions at two nodes that share a PostgreSQL database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class SessionsOfNodesTest {

  /** How often two tabs refresh at once. */
  private static final int REFRESHES = Integer.getInteger("rollcall.test.refreshes", 50);

  private static final String ADMIN = "0123456789abcdef0123456789abcdef";
  private static final String PASSWORD = "correct horse battery staple";

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client = WebClient.create(vertx);
  private List<Rollcall> nodes = List.of();
  private int users;

  @BeforeAll
  void start() {
    String uri = PostgresServer.fresh("sessions");
    // One after the other makes the tables; both at once make the first key.
    PostgresServer.store(vertx, PostgresServer.settings(uri)).close();
    nodes = await(Future.all(node(uri), node(uri))).list();
  }

  private static Future<Rollcall> node(String uri) {
    Settings settings =
        Settings.of(
            "store.kind=postgres",
            "store.uri=" + uri,
            "http.port=0",
            "management.port=0",
            "deploy.eventLoops=1",
            "log.access=false",
            "credentials.memory=1MiB",
            "credentials.iterations=1",
            "auth.kind=required",
            "auth.adminKey=" + ADMIN,
            "auth.secret=" + "s".repeat(32),
            "auth.sessions.issuer=https://users.example",
            "auth.sessions.audience=rollcall",
            "auth.sessions.patch=name");
    return Rollcall.start(settings);
  }

  @AfterAll
  void stop() {
    nodes.forEach(node -> await(node.close()));
    await(vertx.close());
    PostgresServer.execute(PostgresServer.uri(), "DROP DATABASE IF EXISTS sessions WITH (FORCE)");
  }

  private Future<HttpResponse<Buffer>> send(
      int node, String method, String path, @Nullable String token, @Nullable JsonObject body) {
    HttpRequest<Buffer> request =
        client.request(HttpMethod.valueOf(method), nodes.get(node).httpPort(), "127.0.0.1", path);
    if (token != null) {
      request.bearerTokenAuthentication(token);
    }
    return body == null ? request.send() : request.sendJsonObject(body);
  }

  private int status(
      int node, String method, String path, @Nullable String token, @Nullable JsonObject body) {
    return await(send(node, method, path, token, body)).statusCode();
  }

  private long newUser() {
    long id = ++users;
    String path = "/users/" + id;
    assertThat(status(0, "PUT", path, ADMIN, new JsonObject().put("name", "User " + id)))
        .isEqualTo(201);
    JsonObject password = new JsonObject().put("password", PASSWORD);
    assertThat(status(0, "PUT", path + "/password", ADMIN, password)).isEqualTo(204);
    return id;
  }

  private JsonObject login(int node, long id) {
    JsonObject login = new JsonObject().put("id", id).put("password", PASSWORD);
    HttpResponse<Buffer> answer = await(send(node, "POST", "/sessions", null, login));
    assertThat(answer.statusCode()).isEqualTo(201);
    return answer.bodyAsJsonObject();
  }

  private Future<HttpResponse<Buffer>> refresh(int node, String token) {
    return send(
        node, "POST", "/sessions/refresh", null, new JsonObject().put("refreshToken", token));
  }

  private int read(int node, JsonObject session) {
    long id = session.getJsonObject("user").getLong("id");
    return status(node, "GET", "/users/" + id, session.getString("token"), null);
  }

  /** How long a session is still let in at a node, in milliseconds. */
  private long untilRefused(int node, JsonObject session) {
    long start = System.nanoTime();
    while (read(node, session) != 401) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @Test
  void twoTabsThatRefreshAtOnceGetTheSameTokenAndKeepTheirSession() {
    JsonObject session = login(0, newUser());
    String token = session.getString("refreshToken");
    for (int i = 0; i < REFRESHES; i++) {
      List<HttpResponse<Buffer>> answers =
          await(Future.all(refresh(i % 2, token), refresh((i + 1) % 2, token))).list();
      assertThat(answers)
          .as("refresh %d", i)
          .allSatisfy(each -> assertThat(each.statusCode()).isEqualTo(200));
      List<String> next =
          answers.stream().map(each -> each.bodyAsJsonObject().getString("refreshToken")).toList();
      assertThat(next.get(0)).isEqualTo(next.get(1)).isNotEqualTo(token);
      token = next.get(0);
    }
    JsonObject last = await(refresh(1, token)).bodyAsJsonObject();
    assertThat(last.getString("id")).isEqualTo(session.getString("id"));
    assertThat(read(0, last)).isEqualTo(200);
    assertThat(read(1, last)).isEqualTo(200);
    System.out.printf(
        Locale.ROOT, "%d times two tabs refreshed at once: no session was lost%n", REFRESHES);
  }

  @Test
  void aStolenRefreshTokenThatIsUsedAgainEndsTheSessionForBoth() {
    JsonObject stolen = login(0, newUser());
    String first = stolen.getString("refreshToken");
    JsonObject second = await(refresh(0, first)).bodyAsJsonObject();
    JsonObject third = await(refresh(1, second.getString("refreshToken"))).bodyAsJsonObject();
    assertThat(await(refresh(0, first)).statusCode()).isEqualTo(401);
    assertThat(await(refresh(1, third.getString("refreshToken"))).statusCode()).isEqualTo(401);
    for (int node = 0; node < 2; node++) {
      assertThat(untilRefused(node, stolen)).isLessThan(5_000);
      assertThat(untilRefused(node, third)).isLessThan(5_000);
    }
  }

  @Test
  void whatNobodyWasGivenEndsNoSession() {
    JsonObject session = login(0, newUser());
    String token = session.getString("refreshToken");
    for (int i = 4; i < token.length(); i += 7) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String madeUp = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(await(refresh(1, madeUp)).statusCode()).isEqualTo(401);
    }
    assertThat(await(refresh(1, token)).statusCode()).isEqualTo(200);
  }

  @Test
  void anotherPasswordEndsAllSessionsOfItsUserAtAllNodes() {
    long id = newUser();
    List<JsonObject> sessions = List.of(login(0, id), login(1, id), login(1, id));
    JsonObject other = login(0, newUser());
    JsonObject password = new JsonObject().put("password", "another one").put("current", PASSWORD);
    String own = sessions.get(0).getString("token");
    assertThat(status(1, "PUT", "/users/" + id + "/password", own, password)).isEqualTo(204);
    for (JsonObject session : sessions) {
      assertThat(await(refresh(0, session.getString("refreshToken"))).statusCode()).isEqualTo(401);
      assertThat(untilRefused(0, session)).isLessThan(5_000);
      assertThat(untilRefused(1, session)).isLessThan(5_000);
    }
    assertThat(read(1, other)).isEqualTo(200);
    JsonObject login = new JsonObject().put("id", id).put("password", PASSWORD);
    assertThat(status(0, "POST", "/sessions", null, login)).isEqualTo(401);
    login.put("password", "another one");
    assertThat(status(0, "POST", "/sessions", null, login)).isEqualTo(201);
  }

  @Test
  void aSessionThatEndsAtOneNodeIsRefusedAtTheOtherSoon() {
    long longest = 0;
    long id = newUser();
    for (int i = 0; i < 5; i++) {
      JsonObject session = login(i % 2, id);
      assertThat(read(0, session)).isEqualTo(200);
      assertThat(read(1, session)).isEqualTo(200);
      String path = "/sessions/" + session.getString("id");
      assertThat(status(0, "DELETE", path, session.getString("token"), null)).isEqualTo(204);
      assertThat(read(0, session)).isEqualTo(401);
      longest = Math.max(longest, untilRefused(1, session));
    }
    System.out.printf(
        Locale.ROOT, "a session that ended was refused at the other node within %d ms%n", longest);
    assertThat(longest).isLessThan(5_000);
  }

  @Test
  void deletingAUserEndsItsSessions() {
    long id = newUser();
    JsonObject session = login(1, id);
    assertThat(status(0, "DELETE", "/users/" + id, ADMIN, null)).isEqualTo(204);
    assertThat(untilRefused(1, session)).isLessThan(5_000);
    assertThat(await(refresh(1, session.getString("refreshToken"))).statusCode()).isEqualTo(401);
  }

  @Test
  void allNodesPublishTheSameKeys() {
    HttpResponse<Buffer> one = await(send(0, "GET", "/.well-known/jwks.json", null, null));
    HttpResponse<Buffer> two = await(send(1, "GET", "/.well-known/jwks.json", "nonsense", null));
    assertThat(one.bodyAsJsonObject()).isEqualTo(two.bodyAsJsonObject());
    // That of sessions, and that of receipts.
    assertThat(one.bodyAsJsonObject().getJsonArray("keys")).hasSize(2);
    assertThat(one.getHeader("cache-control")).contains("max-age=300");
  }
}
