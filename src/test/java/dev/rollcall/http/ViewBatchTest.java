package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A view of many users: a line for each, as it ends, no faster than the client reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class ViewBatchTest {

  private static final String JSON = "Content-Type: application/json";
  private static final String BODY = "x".repeat(64 * 1024);
  private static final int FAILING = 3;
  private static final int SILENT = 4;
  private static final int BROKEN = 7;
  private static final int THROWING = 8;
  private static final int BUSY = 9;
  private static final int MANY = 1000;

  /** Users of whom some can't be read. */
  private static final class Trouble extends UsersBetween {
    Trouble(Users users) {
      super(users);
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      if (id == THROWING) {
        throw new IllegalStateException("secret");
      }
      if (id == BROKEN) {
        return Future.failedFuture(new IllegalStateException("secret"));
      }
      return id == BUSY
          ? Future.failedFuture(Failure.of(Kind.UNAVAILABLE, "the store is busy"))
          : super.get(id, client);
    }
  }

  private TestServer server;
  private HeldSource held;
  private final AtomicInteger large = new AtomicInteger();

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            Trouble::new,
            "log.access=false",
            "http.bodyLimit=1KiB",
            "sources.quick.address=test.quick",
            "sources.quick.timeout=1s",
            "sources.cached.address=test.quick",
            "sources.cached.maxAge=1h",
            "sources.held.address=test.held",
            "sources.held.timeout=9s",
            "sources.large.address=test.large",
            "views.quick.sources=quick",
            "views.quick.required=quick",
            "views.quick.modes=all,any",
            "views.cached.sources=cached",
            "views.held.sources=held",
            "views.held.deadline=10s",
            "views.large.sources=large");
    server.vertx.eventBus().<JsonObject>consumer("test.quick", ViewBatchTest::quick);
    held = new HeldSource(server.vertx, "test.held");
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer(
            "test.large",
            question -> {
              large.incrementAndGet();
              question.reply(BODY);
            });
    String users =
        IntStream.rangeClosed(1, MANY)
            .mapToObj(id -> "{\"id\":" + id + ",\"name\":\"N\"}")
            .collect(Collectors.joining("\n"));
    assertThat(server.importLines(users).bodyAsJsonObject().getInteger("created")).isEqualTo(MANY);
  }

  private static void quick(Message<JsonObject> question) {
    switch (HeldSource.id(question)) {
      case FAILING -> question.fail(500, "broken");
      case SILENT -> {}
      default -> question.reply(new JsonObject().put("of", HeldSource.id(question)));
    }
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void nothingIsHeld() {
    eventually(() -> server.limits.inFlight() == 0);
    for (String source : List.of("quick", "cached", "held", "large")) {
      eventually(
          () ->
              server.registry.get("rollcall.source.in.flight").tag("source", source).gauge().value()
                  == 0);
    }
  }

  /** Waits for something that comes soon, without dozing. */
  private static void eventually(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private static RawClient send(RawClient raw, String view, String body, String... fields)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(fields));
    all.addAll(List.of(JSON, "Content-Length: " + body.length()));
    return raw.head("POST /views/" + view + "/batch", all.toArray(String[]::new)).send(body);
  }

  private static String ids(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** The lines of a batch that is whole. */
  private List<JsonObject> lines(String view, String body) {
    HttpResponse<Buffer> answer = server.send("POST", "/views/" + view + "/batch", body);
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
    return answer.bodyAsString().lines().map(JsonObject::new).toList();
  }

  private static JsonObject only(List<JsonObject> lines, int id) {
    return lines.stream().filter(line -> line.getInteger("id") == id).findFirst().orElseThrow();
  }

  @Test
  void aLineIsWhatTheViewAloneIsAnsweredWith() {
    List<JsonObject> lines = lines("quick", "{\"ids\":[5]}");
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).fieldNames()).containsExactly("id", "status", "answer");
    JsonObject alone = server.get("/users/5/views/quick").bodyAsJsonObject();
    JsonObject answer = lines.get(0).getJsonObject("answer");
    assertThat(answer.getJsonObject("user")).isEqualTo(alone.getJsonObject("user"));
    assertThat(answer.fieldNames()).isEqualTo(alone.fieldNames());
    assertThat(answer.getJsonObject("sources").getJsonObject("quick").getValue("value"))
        .isEqualTo(new JsonObject().put("of", 5));
  }

  @Test
  void linesComeInTheOrderInWhichTheyEndAndNoMoreThanAskedForAreInFlight() throws IOException {
    try (RawClient raw = server.raw()) {
      int before = held.asked();
      send(raw, "held", "{\"ids\":[1,2,3,4,5],\"concurrency\":2}");
      // The head is there before the first line is.
      assertThat(raw.readHead().status()).isEqualTo(200);
      Message<JsonObject> first = held.nextAbout(1);
      Message<JsonObject> second = held.nextAbout(2);
      assertThat(held.asked() - before).isEqualTo(2);
      second.reply("b");
      assertThat(nextId(raw)).isEqualTo(2);
      Message<JsonObject> third = held.nextAbout(3);
      assertThat(held.asked() - before).isEqualTo(3);
      third.reply("c");
      assertThat(nextId(raw)).isEqualTo(3);
      held.nextAbout(4).reply("d");
      assertThat(nextId(raw)).isEqualTo(4);
      Message<JsonObject> fifth = held.nextAbout(5);
      first.reply("a");
      assertThat(nextId(raw)).isEqualTo(1);
      fifth.reply("e");
      assertThat(nextId(raw)).isEqualTo(5);
      assertThat(raw.readChunk()).isNull();
      assertThat(raw.head("GET /users/1").read().status()).isEqualTo(200);
    }
  }

  private static int nextId(RawClient raw) throws IOException {
    String line = raw.readChunk();
    assertThat(line).endsWith("\n");
    return new JsonObject(line == null ? "" : line).getInteger("id");
  }

  @Test
  void whatGoesWrongIsALineAndTheRestGoesOn() {
    List<JsonObject> lines = lines("quick", "{\"ids\":[1,2000,3,4,7,8,9,1,2]}");
    assertThat(lines)
        .extracting(line -> line.getInteger("id"))
        .containsExactlyInAnyOrder(1, 2000, 3, 4, 7, 8, 9, 1, 2);
    JsonObject unknown = only(lines, 2000);
    assertThat(unknown.fieldNames()).containsExactly("id", "status", "problem");
    JsonObject alone = server.get("/users/2000/views/quick").bodyAsJsonObject();
    alone.remove("requestId");
    JsonObject problem = unknown.getJsonObject("problem");
    assertThat(problem.remove("requestId")).isInstanceOf(String.class);
    assertThat(problem).isEqualTo(alone);
    assertFailed(only(lines, FAILING), 502, "failed");
    assertFailed(only(lines, SILENT), 504, "timeout");
    assertThat(only(lines, BROKEN).getInteger("status")).isEqualTo(500);
    assertThat(only(lines, THROWING).getInteger("status")).isEqualTo(500);
    assertThat(only(lines, BUSY).getInteger("status")).isEqualTo(503);
    assertThat(lines.toString()).doesNotContain("secret");
    assertThat(lines.stream().filter(line -> line.getInteger("status") == 200)).hasSize(3);
  }

  private static void assertFailed(JsonObject line, int status, String source) {
    assertThat(line.getInteger("status")).isEqualTo(status);
    JsonObject problem = line.getJsonObject("problem");
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getJsonObject("user").getInteger("id")).isEqualTo(line.getInteger("id"));
    assertThat(problem.getJsonObject("sources").getJsonObject("quick").getString("status"))
        .isEqualTo(source);
  }

  @Test
  void theModeIsThatOfTheRequest() {
    JsonObject line = lines("quick", "{\"ids\":[1],\"mode\":\"any\"}").get(0);
    assertThat(line.getJsonObject("answer").getString("mode")).isEqualTo("any");
    HttpResponse<Buffer> refused =
        server.send("POST", "/views/quick/batch", "{\"ids\":[1],\"mode\":\"race\"}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.bodyAsString()).contains("\"pointer\":\"/mode\"");
  }

  @Test
  void theLimitOnOtherBodiesDoesNotHold() {
    String ids = ids(1, MANY);
    assertThat(ids).hasSizeGreaterThan(1024);
    assertThat(lines("quick", "{\"ids\":" + ids + ",\"concurrency\":100}")).hasSize(MANY);
  }

  @Test
  void aDeadlineIsForEachLineByItself() throws IOException {
    try (RawClient raw = server.raw()) {
      send(raw, "held", "{\"ids\":[1,2,3],\"concurrency\":1}", "Rollcall-Deadline-Ms: 100");
      List<JsonObject> lines = raw.readWhole().body().lines().map(JsonObject::new).toList();
      assertThat(lines).hasSize(3);
      // Had the three shared one, the last two would never have been asked.
      assertThat(lines)
          .extracting(
              line ->
                  line.getJsonObject("answer")
                      .getJsonObject("sources")
                      .getJsonObject("held")
                      .getString("status"))
          .containsOnly("timeout");
    }
  }

  @Test
  void anAnswerAtHandForEachOfAHundredThousandIdsIsNoDeepRecursion() throws IOException {
    try (RawClient raw = server.raw()) {
      send(raw, "cached", "{\"ids\":[1" + ",1".repeat(99_999) + "]}");
      assertThat(raw.readHead().status()).isEqualTo(200);
      long lines = 0;
      for (String chunk = raw.readChunk(); chunk != null; chunk = raw.readChunk()) {
        lines += chunk.chars().filter(c -> c == '\n').count();
      }
      assertThat(lines).isEqualTo(100_000);
      assertThat(raw.head("GET /users/1").read().status()).isEqualTo(200);
    }
    double cached =
        server.registry.get("rollcall.source.cached").tag("source", "cached").counter().count();
    assertThat(cached).isGreaterThanOrEqualTo(99_900);
  }

  @Test
  void aClientThatDoesNotReadHasNoMoreFetched() throws IOException {
    try (RawClient raw = server.raw()) {
      send(raw, "large", "{\"ids\":" + ids(11, MANY) + ",\"concurrency\":20}");
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(20))
          .until(stopsGrowing(large));
      // What is held is in the two sockets, in the queue of the connection, and in flight.
      assertThat(large.get()).isLessThan(MANY / 2);
      Set<Integer> seen = new HashSet<>();
      raw.readWhole()
          .body()
          .lines()
          .forEach(line -> seen.add(new JsonObject(line).getInteger("id")));
      assertThat(seen).hasSize(MANY - 10);
      assertThat(large.get()).isEqualTo(MANY - 10);
    }
  }

  /** Whether a count has begun to grow, and has not grown since the last look. */
  private static Callable<Boolean> stopsGrowing(AtomicInteger count) {
    AtomicInteger last = new AtomicInteger();
    return () -> {
      int now = count.get();
      return last.getAndSet(now) == now && now > 0;
    };
  }

  @Test
  void aClientThatHangsUpStopsTheRest() throws IOException {
    int before = held.asked();
    long abandoned = abandoned();
    try (RawClient raw = server.raw()) {
      send(raw, "held", "{\"ids\":" + ids(100, 200) + ",\"concurrency\":3}");
      for (int id = 100; id < 103; id++) {
        held.nextAbout(id);
      }
      raw.reset();
    }
    eventually(() -> abandoned() - abandoned == 3);
    eventually(() -> server.limits.inFlight() == 0);
    assertThat(held.asked() - before).isEqualTo(3);
  }

  private long abandoned() {
    return server
        .registry
        .find("rollcall.view.answers")
        .tags("view", "held", "status", "499")
        .timers()
        .stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  @Test
  void anOldClientHasItsLinesUntilTheConnectionEnds() throws IOException {
    try (RawClient raw = server.raw()) {
      String body = "{\"ids\":[1,2,3]}";
      raw.send("POST /views/quick/batch HTTP/1.0\r\nHost: test\r\n" + JSON + "\r\n");
      raw.send("Content-Length: " + body.length() + "\r\n\r\n" + body);
      RawClient.Answer head = raw.readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers()).doesNotContainKey("transfer-encoding");
      assertThat(raw.readToEnd().lines()).hasSize(3);
    }
  }
}
