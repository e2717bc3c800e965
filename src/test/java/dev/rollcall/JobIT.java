package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.store.postgres.PostgresServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs as they survive their processes. {@code -Drollcall.it.kills=10} kills more often. */
class JobIT {

  private static final int KILLS = Integer.getInteger("rollcall.it.kills", 2);

  private static final int USERS = 1500 * Math.max(2, KILLS);

  private static final Duration ELSEWHERE = Duration.ofSeconds(15);

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private final Random random = new Random(8);

  /** Answers that are held back, while the last user's is, without which no job for all ends. */
  private final List<Runnable> held = new ArrayList<>();

  private boolean holding;
  private HttpServer upstream;

  @BeforeEach
  void startUpstream() throws Exception {
    upstream =
        vertx
            .createHttpServer()
            .requestHandler(this::person)
            .listen(0, "127.0.0.1")
            .await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stopUpstream() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** A user in the shape of a well-known test service, after 5 ms. */
  private void person(HttpServerRequest request) {
    asked.incrementAndGet();
    String id = request.path().substring(request.path().lastIndexOf('/') + 1);
    Runnable answer = () -> vertx.setTimer(5, due -> answer(request.response(), id));
    if (!id.equals(Integer.toString(USERS)) || !hold(answer)) {
      answer.run();
    }
  }

  private synchronized void holdTheLast() {
    holding = true;
  }

  private synchronized boolean hold(Runnable answer) {
    return holding && held.add(answer);
  }

  private static void answer(HttpServerResponse response, String id) {
    if (!response.closed()) {
      response
          .putHeader("Content-Type", "application/json; charset=utf-8")
          .end(
              """
              {
                "id": %1$s,
                "name": "Leanne Graham %1$s",
                "username": "Bret",
                "email": "Sincere%1$s@april.biz",
                "address": {"street": "Kulas Light", "geo": {"lat": "-37.3159"}},
                "phone": "1-770-736-8031 x56442"
              }
              """
                  .formatted(id));
    }
  }

  private synchronized void release() {
    holding = false;
    held.forEach(Runnable::run);
  }

  private RollcallProcess.Launch rollcall() {
    return RollcallProcess.in(folder)
        .set("log.access", "false")
        .set("sources.people.http", "http://127.0.0.1:" + upstream.actualPort() + "/users/{id}")
        .set("sources.people.timeout", "50s")
        .set("views.profile.sources", "people")
        .set("views.profile.deadline", "60s")
        .set("jobs.batchTime", "50ms");
  }

  private RollcallProcess.Launch onPostgres() {
    return rollcall()
        .without("store.path")
        .set("store.kind", "postgres")
        .set("store.uri", PostgresServer.uri());
  }

  private static long start(RollcallProcess process, String body) {
    HttpResponse<String> started = process.client().sendJson("POST", "/jobs", body);
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    return RollcallClient.json(started).get("id").longValue();
  }

  private static JsonNode job(RollcallProcess process, long id) {
    return RollcallClient.json(process.client().send("GET", "/jobs/" + id));
  }

  private static JsonNode awaitEnd(RollcallProcess process, long id) {
    await().atMost(Duration.ofSeconds(90)).until(() -> !job(process, id).get("endedAt").isNull());
    return job(process, id);
  }

  private static String importing() {
    String ids =
        LongStream.rangeClosed(1, USERS)
            .mapToObj(Long::toString)
            .collect(java.util.stream.Collectors.joining(","));
    return "{\"import\":{\"source\":\"people\",\"ids\":[" + ids + "]},\"concurrency\":20}";
  }

  private static List<JsonNode> results(RollcallProcess process, long id) {
    return process
        .client()
        .send("GET", "/jobs/" + id + "/results")
        .body()
        .lines()
        .map(RollcallClient::json)
        .toList();
  }

  /** Each user has one result, all are numbered without gaps, and each was written once. */
  private static void assertWhole(RollcallProcess process, long id) {
    JsonNode ended = awaitEnd(process, id);
    assertThat(ended.get("state").textValue()).isEqualTo("succeeded");
    assertThat(ended.get("failed").intValue()).isZero();
    List<JsonNode> lines = results(process, id);
    assertThat(lines)
        .extracting(line -> line.get("n").intValue())
        .isEqualTo(IntStream.rangeClosed(1, USERS).boxed().toList());
    TreeSet<Long> ids = new TreeSet<>();
    lines.forEach(line -> ids.add(line.get("id").longValue()));
    assertThat(ids).hasSize(USERS);
    List<JsonNode> stored =
        process
            .client()
            .send("GET", "/users/export")
            .body()
            .lines()
            .map(RollcallClient::json)
            .toList();
    assertThat(stored).hasSize(USERS);
    assertThat(stored).extracting(user -> user.get("version").intValue()).containsOnly(1);
  }

  private void awaitSome(RollcallProcess process, long id) {
    int some = Math.min(USERS - 2, job(process, id).get("done").intValue() + random.nextInt(200));
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              JsonNode now = job(process, id);
              return now.get("done").intValue() > some || !now.get("endedAt").isNull();
            });
  }

  @Test
  void tenUsersAreImportedAndASecondTimeNothingChanges() {
    try (RollcallProcess process = rollcall().start()) {
      String ten = "{\"import\":{\"source\":\"people\",\"ids\":[1,2,3,4,5,6,7,8,9,10]}}";
      assertThat(awaitEnd(process, start(process, ten)).get("failed").intValue()).isZero();
      String before = process.client().send("GET", "/users/export").body();
      JsonNode user = RollcallClient.json(process.client().send("GET", "/users/3"));
      assertThat(user.get("email").textValue()).isEqualTo("Sincere3@april.biz");
      assertThat(user.at("/attributes/address/geo/lat").textValue()).isEqualTo("-37.3159");
      assertThat(user.at("/attributes/username").textValue()).isEqualTo("Bret");
      assertThat(awaitEnd(process, start(process, ten)).get("failed").intValue()).isZero();
      assertThat(process.client().send("GET", "/users/export").body()).isEqualTo(before);
    }
  }

  @Test
  void aKilledProcessGoesOnWithItsJobAfterItsRestart() {
    RollcallProcess process = rollcall().start();
    try {
      holdTheLast();
      long id = start(process, importing());
      for (int kill = 0; kill < KILLS; kill++) {
        awaitSome(process, id);
        assertThat(job(process, id).get("endedAt").isNull()).isTrue();
        process.kill();
        process.awaitExit();
        process = rollcall().start();
      }
      release();
      assertWhole(process, id);
    } finally {
      process.close();
    }
  }

  @Test
  void aProcessThatIsToldToEndHandsItsJobBack() {
    long id;
    try (RollcallProcess process = rollcall().start()) {
      id = start(process, importing());
      awaitSome(process, id);
      process.terminate();
      assertThat(process.awaitExit()).isZero();
    }
    try (RollcallProcess process = rollcall().start()) {
      assertWhole(process, id);
    }
  }

  @Test
  void theJobOfAKilledNodeGoesOnElsewhere() {
    PostgresServer.empty();
    try (RollcallProcess one = onPostgres().set("jobs.atOnce", "1").start();
        RollcallProcess other = onPostgres().set("jobs.atOnce", "0").start()) {
      long id = start(other, importing());
      awaitSome(other, id);
      one.kill();
      one.awaitExit();
      int done = job(other, id).get("done").intValue();
      long killedAt = System.nanoTime();
      try (RollcallProcess third = onPostgres().set("jobs.atOnce", "1").start()) {
        await()
            .atMost(ELSEWHERE.plusSeconds(30))
            .until(() -> job(third, id).get("done").intValue() > done);
        assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(ELSEWHERE);
        assertWhole(third, id);
      }
    }
  }

  /** It wakes up with answers in hand, and takes the job for its own until it asks. */
  @Test
  void whatANodeBringsThatSleptThroughItsLeaseCountsNoMore() throws Exception {
    PostgresServer.empty();
    try (RollcallProcess sleeper = onPostgres().set("jobs.lease", "6s").start()) {
      long id = start(sleeper, importing());
      awaitSome(sleeper, id);
      sleeper.freeze();
      try (RollcallProcess other = onPostgres().set("jobs.lease", "6s").start()) {
        int done = job(other, id).get("done").intValue();
        await()
            .pollInterval(Duration.ofMillis(10))
            .atMost(ELSEWHERE)
            .until(() -> job(other, id).get("done").intValue() > done);
        sleeper.thaw();
        assertWhole(other, id);
        assertThat(job(sleeper, id)).isEqualTo(job(other, id));
      } finally {
        sleeper.thaw();
      }
    }
  }

  @Test
  void aJobIsCancelledFromAnotherNode() throws InterruptedException {
    PostgresServer.empty();
    try (RollcallProcess one = onPostgres().set("jobs.atOnce", "1").start();
        RollcallProcess other = onPostgres().set("jobs.atOnce", "0").start()) {
      long id = start(other, importing());
      awaitSome(other, id);
      JsonNode cancelled = RollcallClient.json(other.client().send("DELETE", "/jobs/" + id));
      assertThat(cancelled.get("state").textValue()).isEqualTo("cancelled");
      // The other node hears of it from the database, as soon as a busy machine lets it.
      Thread.sleep(500);
      int before = asked.get();
      Thread.sleep(200);
      assertThat(asked.get()).isEqualTo(before);
      assertThat(job(one, id)).isEqualTo(cancelled);
      assertThat(results(one, id)).hasSize(cancelled.get("done").intValue());
    }
  }

  @Test
  void killedInTurnTwoNodesFinishTheJobTogether() {
    PostgresServer.empty();
    RollcallProcess one = onPostgres().start();
    RollcallProcess other = onPostgres().start();
    try {
      holdTheLast();
      long id = start(one, importing());
      for (int kill = 0; kill < KILLS; kill++) {
        awaitSome(other, id);
        assertThat(job(other, id).get("endedAt").isNull()).isTrue();
        one.kill();
        one.awaitExit();
        one = other;
        other = onPostgres().start();
      }
      release();
      assertWhole(one, id);
    } finally {
      one.close();
      other.close();
    }
  }
}
