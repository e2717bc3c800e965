package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.config.Settings;
import dev.rollcall.store.postgres.PostgresServer;
import dev.rollcall.users.Awaiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Keys over HTTP, on whole nodes in this process. */
@Tag("slow")
class KeysTest {
  private static final String ADMIN = "a-key-that-nobody-else-can-guess-at-all";

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Rollcall> nodes = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>(List.of(ADMIN));
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root().addAppender(log);
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @AfterEach
  void stop() {
    nodes.forEach(each -> Awaiting.await(each.close()));
    root().detachAppender(log);
    assertThat(log.list)
        .extracting(event -> event.getFormattedMessage() + event.getThrowableProxy())
        .as("no secret is logged")
        .noneMatch(line -> secrets.stream().anyMatch(line::contains));
  }

  private Rollcall start(String... sets) {
    List<String> all =
        new ArrayList<>(
            List.of("http.port=0", "management.port=0", "auth.kind=required", "jobs.atOnce=0"));
    all.addAll(List.of(sets));
    Rollcall started = Awaiting.await(Rollcall.start(Settings.of(all.toArray(String[]::new))));
    nodes.add(started);
    return started;
  }

  /** The one that was started last. */
  private Rollcall node() {
    return nodes.get(nodes.size() - 1);
  }

  private String file() {
    return "store.path=" + folder.resolve("users.db");
  }

  private void startOnFile() {
    start(file(), "auth.adminKey=" + ADMIN);
  }

  private HttpResponse<String> send(
      Rollcall to, String key, String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.httpPort() + path))
            .header("Authorization", "Bearer " + key)
            .timeout(Duration.ofSeconds(20));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return client.send(
        request
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private int status(Rollcall at, String key, String method, String path) throws Exception {
    return send(at, key, method, path, null).statusCode();
  }

  private HttpResponse<String> create(String by, String body) throws Exception {
    return send(node(), by, "POST", "/keys", body);
  }

  private static String body(String... scopes) {
    return new JsonObject().put("name", "n").put("scopes", new JsonArray(List.of(scopes))).encode();
  }

  private JsonObject made(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonObject made = new JsonObject(answer.body());
    secrets.add(made.getString("key"));
    return made;
  }

  private JsonObject make(String by, String... scopes) throws Exception {
    return made(create(by, body(scopes)));
  }

  @Test
  void aKeyOpensWhatItsScopesSayAndIsShownOnce() throws Exception {
    startOnFile();
    HttpResponse<String> answer =
        create(
            ADMIN,
            """
            {"name":" bill\u00edng ","scopes":["users:read","jobs","users:read"],
             "expiresAt":"2999-01-01T01:00:00.1234567+01:00"}\
            """);
    JsonObject made = made(answer);
    assertThat(answer.headers().firstValue("Location")).contains("/keys/" + made.getLong("id"));
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    String key = made.getString("key");
    assertThat(key).matches("rck_[0-9A-Za-z]{38}");
    assertThat(made.fieldNames())
        .containsExactly(
            "id", "name", "scopes", "key", "createdAt", "expiresAt", "lastUsedAt", "by");
    assertThat(made.getString("name")).isEqualTo("bill\u00edng");
    assertThat(made.getJsonArray("scopes")).isEqualTo(new JsonArray(List.of("jobs", "users:read")));
    assertThat(made.getString("expiresAt")).isEqualTo("2999-01-01T00:00:00.123Z");
    assertThat(made.getString("by")).isEqualTo("admin");
    assertThat(status(node(), key, "GET", "/users")).isEqualTo(200);
    HttpResponse<String> beyond = send(node(), key, "POST", "/users", "{\"name\":\"A\"}");
    assertThat(beyond.statusCode()).isEqualTo(403);
    assertThat(beyond.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer error=\"insufficient_scope\", scope=\"users:write\"");
    made.remove("key");
    assertThat(new JsonObject(send(node(), ADMIN, "GET", "/keys/1", null).body())).isEqualTo(made);
    assertThat(new JsonObject(send(node(), ADMIN, "GET", "/keys", null).body()))
        .isEqualTo(new JsonObject().put("items", new JsonArray().add(made)));
    Awaiting.await(node().close());
    for (String name : List.of("users.db", "users.db.lock")) {
      Path file = folder.resolve(name);
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(key);
    }
  }

  @Test
  void nobodyGivesOrDeletesWhatHeDoesNotHold() throws Exception {
    startOnFile();
    JsonObject maker = make(ADMIN, "keys", "users:read", "views:read:profile");
    JsonObject strong = make(ADMIN, "users:write");
    String key = maker.getString("key");
    for (String more : List.of("users:write", "*", "views:read", "views:read:other", "ops")) {
      HttpResponse<String> refused = create(key, body("users:read", more));
      assertThat(refused.statusCode()).as(more).isEqualTo(403);
      assertThat(refused.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer error=\"insufficient_scope\", scope=\"" + more + "\"");
    }
    assertThat(status(node(), key, "DELETE", "/keys/" + strong.getLong("id"))).isEqualTo(403);
    assertThat(status(node(), key, "DELETE", "/keys/99")).isEqualTo(404);
    JsonObject child = make(key, "users:read", "views:read:profile");
    assertThat(child.getString("by")).isEqualTo("key:" + maker.getLong("id"));
    assertThat(status(node(), child.getString("key"), "GET", "/keys")).isEqualTo(403);
    assertThat(status(node(), strong.getString("key"), "GET", "/users")).isEqualTo(403);
    assertThat(new JsonObject(send(node(), key, "GET", "/keys", null).body()).getJsonArray("items"))
        .hasSize(3);
  }

  @Test
  void aKeyThatAKeyMadeEndsWithIt() throws Exception {
    startOnFile();
    Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);
    JsonObject top =
        made(
            create(
                ADMIN,
                new JsonObject(body("keys", "users:read"))
                    .put("expiresAt", end.toString())
                    .encode()));
    String key = top.getString("key");
    JsonObject child = make(key, "keys", "users:read");
    assertThat(Instant.parse(child.getString("expiresAt"))).isEqualTo(end);
    HttpResponse<String> longer =
        create(key, new JsonObject(body("keys")).put("expiresAt", "2999-01-01T00:00:00Z").encode());
    assertThat(longer.statusCode()).isEqualTo(400);
    assertThat(longer.body()).contains("\"/expiresAt\"");
    JsonObject grandchild = make(child.getString("key"), "users:read");
    assertThat(status(node(), grandchild.getString("key"), "GET", "/users")).isEqualTo(200);
    // It may delete itself, and takes along what it made.
    assertThat(status(node(), key, "DELETE", "/keys/" + top.getLong("id"))).isEqualTo(204);
    for (JsonObject each : List.of(top, child, grandchild)) {
      assertThat(status(node(), each.getString("key"), "GET", "/users")).isEqualTo(401);
    }
    assertThat(send(node(), ADMIN, "GET", "/keys", null).body()).isEqualTo("{\"items\":[]}");
  }

  @Test
  void aKeyThatHasExpiredIsRefusedAndSaysSo() throws Exception {
    startOnFile();
    Instant end = Instant.now().plusMillis(300);
    JsonObject made =
        made(
            create(
                ADMIN,
                new JsonObject(body("users:read")).put("expiresAt", end.toString()).encode()));
    Awaitility.await().until(() -> status(node(), made.getString("key"), "GET", "/users") == 401);
    HttpResponse<String> refused = send(node(), made.getString("key"), "GET", "/users", null);
    assertThat(refused.body()).contains("expired");
    assertThat(refused.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer error=\"invalid_token\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|/name /scopes",
        "[]|-",
        "{'name':'n'}|/scopes",
        "{'name':'','scopes':['jobs']}|/name",
        "{'name':'\\u200b','scopes':['jobs']}|/name",
        "{'name':'a\\u0000','scopes':['jobs']}|/name",
        "{'name':null,'scopes':['jobs']}|/name",
        "{'name':7,'scopes':null}|/name /scopes",
        "{'name':'n','scopes':[]}|/scopes",
        "{'name':'n','scopes':'jobs'}|/scopes",
        "{'name':'n','scopes':['jobs','self','Jobs',null,1]}|/scopes/1 /scopes/2 /scopes/3"
            + " /scopes/4",
        "{'name':'n','scopes':['users:read users:write']}|/scopes/0",
        "{'name':'n','scopes':['jobs'],'expiresAt':'2001-01-01T00:00:00.000Z'}|/expiresAt",
        "{'name':'n','scopes':['jobs'],'expiresAt':'+999999999-12-31T00:00:00Z'}|/expiresAt",
        "{'name':'n','scopes':['jobs'],'expiresAt':'tomorrow'}|/expiresAt",
        "{'name':'n','scopes':['jobs'],'expiresAt':4102444800}|/expiresAt",
        "{'name':'n','scopes':['jobs'],'id':7,'by':'admin'}|/id /by",
      })
  void aBadRequestIsToldEveryFault(String body, String pointers) throws Exception {
    startOnFile();
    HttpResponse<String> refused = create(ADMIN, body.replace('\'', '"'));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    if (!pointers.equals("-")) {
      List<String> told =
          new JsonObject(refused.body())
              .getJsonArray("errors").stream()
                  .map(each -> ((JsonObject) each).getString("pointer"))
                  .toList();
      assertThat(told).containsExactlyInAnyOrder(pointers.split(" ", -1));
    }
    assertThat(send(node(), ADMIN, "GET", "/keys", null).body()).isEqualTo("{\"items\":[]}");
  }

  @Test
  void whenAKeyWasUsedIsKeptAtTheEndAtTheLatest() throws Exception {
    startOnFile();
    JsonObject made = make(ADMIN, "users:read");
    Instant before = Instant.now().minusSeconds(1);
    assertThat(status(node(), made.getString("key"), "GET", "/users")).isEqualTo(200);
    Awaiting.await(node().close());
    // Its key is enough for the next start.
    start(file());
    assertThat(status(node(), made.getString("key"), "GET", "/users")).isEqualTo(200);
    Awaiting.await(node().close());
    startOnFile();
    String used =
        new JsonObject(send(node(), ADMIN, "GET", "/keys/1", null).body()).getString("lastUsedAt");
    assertThat(Instant.parse(used)).isBetween(before, Instant.now());
  }

  @Test
  void aStartThatNobodyCouldUseIsRefused() {
    Settings settings =
        Settings.of("http.port=0", "management.port=0", "auth.kind=required", file());
    assertThat(Rollcall.start(settings).toCompletionStage().toCompletableFuture())
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining(
            "auth.kind: required, but nobody has a key or a token; set auth.adminKey");
  }

  @Test
  void withoutCallersKeysAreMadeByNobody() throws Exception {
    start(file(), "auth.kind=none");
    JsonObject made = made(send(node(), "", "POST", "/keys", body("*")));
    assertThat(made.getString("by")).isNull();
    assertThat(made.containsKey("by")).isTrue();
    assertThat(status(node(), "", "DELETE", "/keys/1")).isEqualTo(204);
  }

  @Test
  void aKeyHoldsAndEndsOnTheOtherNodeWithinASecond() throws Exception {
    String uri = PostgresServer.fresh("keys_of_two_nodes");
    String[] sets = {"store.kind=postgres", "store.uri=" + uri, "auth.adminKey=" + ADMIN};
    Rollcall other = start(sets);
    start(sets);
    for (int i = 0; i < 3; i++) {
      JsonObject made = make(ADMIN, "users:read");
      String key = made.getString("key");
      long begins = millisUntil(other, key, 200);
      assertThat(status(node(), ADMIN, "DELETE", "/keys/" + made.getLong("id"))).isEqualTo(204);
      assertThat(status(node(), key, "GET", "/users")).as("at once where it ended").isEqualTo(401);
      long ends = millisUntil(other, key, 401);
      System.out.printf(
          "a key begins on the other node after %d ms, ends after %d ms%n", begins, ends);
      assertThat(begins).isLessThan(2000);
      assertThat(ends).isLessThan(2000);
    }
  }

  private long millisUntil(Rollcall at, String key, int status) throws Exception {
    long start = System.nanoTime();
    while (status(at, key, "GET", "/users") != status) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
