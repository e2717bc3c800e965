package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.jobs.Jobs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class JobRoutesTest {

  private static final int RANDOM_CANCELS = Integer.getInteger("rollcall.test.cancels", 5);

  /** Asks the source how often it was asked. */
  private static final JsonObject COUNT = new JsonObject().put("count", true);

  private @TempDir Path folder = Path.of("");
  private TestServer server;

  /** Questions to the source that are not answered, while it holds them. */
  private final Queue<Message<JsonObject>> held = new ConcurrentLinkedQueue<>();

  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean holding;

  @BeforeEach
  void start() {
    server = started();
  }

  private TestServer started(String... more) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "log.access=false",
                "sources.account.address=test.account",
                "sources.account.timeout=20s",
                "views.profile.deadline=30s",
                "views.profile.sources=account",
                "views.profile.required=account",
                "jobs.atOnce=1",
                "jobs.batchTime=20ms"));
    sets.addAll(List.of(more));
    TestServer made = new TestServer(folder, sets.toArray(String[]::new));
    made.vertx.eventBus().<JsonObject>consumer("test.account", this::account);
    return made;
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** Fails for user 13, and tells of users whose ids end with 4 as if they had another one. */
  private void account(Message<JsonObject> question) {
    if (question.body().equals(COUNT)) {
      question.reply(asked.get());
      return;
    }
    asked.incrementAndGet();
    if (holding) {
      held.add(question);
      return;
    }
    int id = question.body().getInteger("id");
    if (id == 13) {
      question.fail(500, "broken");
    } else if (id == 99) {
      question.fail(404, "unknown");
    } else {
      question.reply(
          new JsonObject()
              .put("id", id % 10 == 4 ? 5 : id)
              .put("name", "User " + id)
              .put("username", "u" + id)
              .put("email", "u" + id + "@example.org")
              .put("address", new JsonObject().put("city", "Oslo")));
    }
  }

  private void users(int count) {
    StringBuilder lines = new StringBuilder();
    for (int id = 1; id <= count; id++) {
      lines.append("{\"id\":").append(id).append(",\"name\":\"Stored\"}\n");
    }
    assertThat(server.importLines(lines.toString()).statusCode()).isEqualTo(200);
  }

  private JsonObject post(JsonObject body) {
    HttpResponse<Buffer> answer = server.send("POST", "/jobs", body.encode());
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
    JsonObject job = answer.bodyAsJsonObject();
    assertThat(answer.getHeader("Location")).isEqualTo("/jobs/" + job.getLong("id"));
    return job;
  }

  private static JsonObject fetch(int... ids) {
    return new JsonObject().put("view", "profile").put("ids", array(ids));
  }

  private static JsonObject importing(int... ids) {
    return new JsonObject()
        .put("import", new JsonObject().put("source", "account").put("ids", array(ids)));
  }

  private static JsonArray array(int... ids) {
    return new JsonArray(IntStream.of(ids).boxed().toList());
  }

  private JsonObject get(long id) {
    return server.get("/jobs/" + id).bodyAsJsonObject();
  }

  private JsonObject awaitState(long id, String state) {
    await().atMost(Duration.ofSeconds(30)).until(() -> get(id).getString("state"), state::equals);
    return get(id);
  }

  private List<JsonObject> results(long id, int after) {
    HttpResponse<Buffer> answer = server.get("/jobs/" + id + "/results?after=" + after);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
    String lines = answer.bodyAsString();
    return lines == null ? List.of() : lines.lines().map(JsonObject::new).toList();
  }

  @Test
  void aViewIsFetchedForEachUser() {
    users(20);
    JsonObject job = post(fetch(1, 13, 77, 3));
    assertThat(job.getString("kind")).isEqualTo("fetch");
    long id = job.getLong("id");
    JsonObject ended = awaitState(id, "succeeded");
    assertThat(ended.getInteger("done")).isEqualTo(4);
    assertThat(ended.getInteger("failed")).isEqualTo(2);
    List<JsonObject> lines = results(id, 0);
    assertThat(lines).extracting(line -> line.getInteger("n")).containsExactly(1, 2, 3, 4);
    assertThat(of(1, lines).getInteger("status")).isEqualTo(200);
    assertThat(of(1, lines).getJsonObject("answer").getBoolean("complete")).isTrue();
    assertThat(of(13, lines).getInteger("status")).isEqualTo(502);
    JsonObject problem = of(77, lines).getJsonObject("problem");
    assertThat(problem.getString("detail")).isEqualTo("User not found");
    assertThat(problem.getString("requestId")).isEqualTo("job-" + id);
    assertThat(results(id, 3)).containsExactly(lines.get(3));
    assertThat(results(id, 4)).isEmpty();
  }

  private static JsonObject of(int id, List<JsonObject> lines) {
    return lines.stream().filter(line -> line.getInteger("id") == id).findFirst().orElseThrow();
  }

  @Test
  void allAreThoseThatWereThereWhenItStarted() {
    users(30);
    holding = true;
    JsonObject job = post(new JsonObject().put("view", "profile").put("all", true));
    assertThat(job.getInteger("total")).isEqualTo(30);
    await().until(() -> held.size() == 10);
    server.send("PUT", "/users/500", "{\"name\":\"Late\"}");
    server.request("DELETE", "/users/30").send().await();
    release();
    JsonObject ended = awaitState(job.getLong("id"), "succeeded");
    assertThat(ended.getInteger("done")).isEqualTo(30);
    assertThat(ended.getInteger("failed")).isEqualTo(2); // 13, and 30, which is gone.
  }

  private void release() {
    holding = false;
    for (Message<JsonObject> one = held.poll(); one != null; one = held.poll()) {
      account(one);
    }
  }

  @Test
  void noMoreAreAtWorkThanTheJobAllows() {
    users(30);
    holding = true;
    long id =
        post(fetch(IntStream.rangeClosed(1, 12).toArray()).put("concurrency", 3)).getLong("id");
    await().until(() -> held.size() == 3);
    await()
        .during(Duration.ofMillis(200))
        .until(() -> held.size() == 3 && get(id).getString("state").equals("running"));
    release();
    awaitState(id, "succeeded");
  }

  @Test
  void importedUsersAreStoredAndASecondImportChangesNothing() {
    int[] ten = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11};
    long first = post(importing(ten)).getLong("id");
    assertThat(awaitState(first, "succeeded").getInteger("failed")).isZero();
    assertThat(results(first, 0)).extracting(line -> line.getInteger("status")).containsOnly(201);
    JsonObject user = server.get("/users/7").bodyAsJsonObject();
    assertThat(user.getString("name")).isEqualTo("User 7");
    assertThat(user.getJsonObject("attributes"))
        .isEqualTo(
            new JsonObject()
                .put("username", "u7")
                .put("address", new JsonObject().put("city", "Oslo")));
    String before = server.get("/users/export").bodyAsString();
    int changes = server.get("/users/changes").bodyAsJsonObject().getJsonArray("items").size();
    long second = post(importing(ten)).getLong("id");
    assertThat(awaitState(second, "succeeded").getInteger("failed")).isZero();
    assertThat(results(second, 0)).extracting(line -> line.getInteger("status")).containsOnly(200);
    assertThat(server.get("/users/export").bodyAsString()).isEqualTo(before);
    assertThat(server.get("/users/changes").bodyAsJsonObject().getJsonArray("items"))
        .hasSize(changes);
  }

  @Test
  void whatIsNoSuchUserFailsAlone() {
    server.send("PUT", "/users/50", "{\"name\":\"Other\",\"email\":\"U3@example.org\"}");
    long id = post(importing(1, 13, 14, 99, 3)).getLong("id");
    assertThat(awaitState(id, "succeeded").getInteger("failed")).isEqualTo(4);
    Map<Integer, Integer> statuses = new java.util.TreeMap<>();
    results(id, 0).forEach(line -> statuses.put(line.getInteger("id"), line.getInteger("status")));
    assertThat(statuses).isEqualTo(Map.of(1, 201, 13, 502, 14, 502, 99, 404, 3, 409));
    assertThat(server.get("/users/14").statusCode()).isEqualTo(404);
  }

  @Test
  void aSourceThatFailsForEverybodyDoesNotFailTheJob() {
    server.send("PUT", "/users/13", "{\"name\":\"Thirteen\"}");
    long id = post(fetch(13)).getLong("id");
    JsonObject ended = awaitState(id, "succeeded");
    assertThat(ended.getInteger("failed")).isEqualTo(1);
  }

  @Test
  void cancellingStopsWhatIsAtWorkAndBeginsNothingMore() {
    users(50);
    AtomicInteger aborted = new AtomicInteger();
    server.vertx.eventBus().consumer("rollcall.cancel", hint -> aborted.incrementAndGet());
    holding = true;
    long id = post(fetch(IntStream.rangeClosed(1, 50).toArray())).getLong("id");
    await().until(() -> held.size() == 10);
    JsonObject cancelled = cancel(id);
    assertThat(cancelled.getString("state")).isEqualTo("cancelled");
    assertThat(cancelled.getInteger("done")).isZero();
    await().until(() -> aborted.get() == 10);
    release();
    await().during(Duration.ofMillis(200)).until(() -> asked.get() == 20);
    assertThat(get(id)).isEqualTo(cancelled);
    assertThat(cancel(id)).isEqualTo(cancelled);
    assertThat(results(id, 0)).isEmpty();
    long next = post(fetch(1)).getLong("id");
    awaitState(next, "succeeded");
    assertThat(cancel(next).getString("state")).isEqualTo("succeeded");
  }

  private JsonObject cancel(long id) {
    HttpResponse<Buffer> answer = TestServer.await(server.request("DELETE", "/jobs/" + id).send());
    assertThat(answer.statusCode()).isEqualTo(202);
    return answer.bodyAsJsonObject();
  }

  /** How often the source was asked; the question comes behind all that are still on their way. */
  private int begun() {
    return TestServer.await(server.vertx.eventBus().<Integer>request("test.account", COUNT)).body();
  }

  @Test
  void cancelledAtAnyMomentTheCountsAddUp() throws InterruptedException {
    users(1000);
    // The very first questions take long to arrive, since nothing was compiled for them yet.
    awaitState(post(fetch(IntStream.rangeClosed(1, 500).toArray())).getLong("id"), "succeeded");
    Random random = new Random(8);
    for (int round = 0; round < RANDOM_CANCELS; round++) {
      long id =
          post(new JsonObject().put("view", "profile").put("all", true).put("concurrency", 50))
              .getLong("id");
      Thread.sleep(random.nextInt(150)); // The moment is what the test is about.
      cancel(id);
      Thread.sleep(50);
      int before = begun();
      Thread.sleep(50);
      assertThat(begun()).isEqualTo(before);
      JsonObject ended = get(id);
      assertThat(ended.getString("endedAt")).isNotNull();
      List<JsonObject> lines = results(id, 0);
      assertThat(lines).hasSize(ended.getInteger("done"));
      assertThat(lines.stream().filter(line -> line.getInteger("status") >= 400).count())
          .isEqualTo(ended.getInteger("failed").longValue());
      assertThat(lines.stream().map(line -> line.getInteger("id")).distinct())
          .hasSize(lines.size());
    }
  }

  @Test
  void jobsWaitForTheirTurn() {
    users(5);
    holding = true;
    long first = post(fetch(1)).getLong("id");
    long second = post(fetch(2)).getLong("id");
    long third = post(fetch(3)).getLong("id");
    awaitState(first, "running");
    assertThat(get(second).getString("state")).isEqualTo("queued");
    assertThat(cancel(second).getString("state")).isEqualTo("cancelled");
    release();
    awaitState(third, "succeeded");
    JsonArray items = server.get("/jobs?limit=2").bodyAsJsonObject().getJsonArray("items");
    assertThat(items.stream().map(item -> ((JsonObject) item).getLong("id")))
        .containsExactly(third, second);
  }

  @Test
  void theSameRequestTwiceStartsOneJob() {
    users(5);
    String key = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    assertThat(keyed(key, fetch(1, 2)).statusCode()).isEqualTo(202);
    HttpResponse<Buffer> again = keyed(key, fetch(1, 2));
    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(again.bodyAsJsonObject().getLong("id")).isEqualTo(1);
    assertThat(keyed(key, fetch(2, 1)).statusCode()).isEqualTo(409);
    assertThat(keyed(key, importing(1, 2)).statusCode()).isEqualTo(409);
    assertThat(server.get("/jobs").bodyAsJsonObject().getJsonArray("items")).hasSize(1);
  }

  private HttpResponse<Buffer> keyed(String key, JsonObject body) {
    return TestServer.await(
        server.request("POST", "/jobs").putHeader("Idempotency-Key", key).sendJsonObject(body));
  }

  @Test
  void progressIsToldUntilTheLastEvent() {
    users(20);
    holding = true;
    long id = post(fetch(1, 2, 3, 5).put("concurrency", 2)).getLong("id");
    await().until(() -> held.size() == 2);
    Future<HttpResponse<Buffer>> events = server.request("GET", "/jobs/" + id + "/events").send();
    Promise<Void> told = Promise.promise();
    server.vertx.setTimer(700, due -> told.complete());
    TestServer.await(told.future());
    release();
    HttpResponse<Buffer> answer = TestServer.await(events);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("text/event-stream");
    List<String> blocks = List.of(answer.bodyAsString().split("\n\n"));
    assertThat(blocks.get(1)).startsWith("id: 0\nevent: progress\ndata: {");
    String last = blocks.get(blocks.size() - 1);
    assertThat(last).startsWith("id: end\nevent: end\ndata: {");
    JsonObject data = new JsonObject(last.substring(last.indexOf('{')));
    assertThat(data.getString("state")).isEqualTo("succeeded");
    assertThat(data.getInteger("done")).isEqualTo(4);
    assertThat(data.getInteger("total")).isEqualTo(4);
    assertThat(data.getDouble("secondsLeft")).isZero();
    HttpResponse<Buffer> noMore =
        TestServer.await(
            server
                .request("GET", "/jobs/" + id + "/events")
                .putHeader("Last-Event-ID", "end")
                .send());
    assertThat(noMore.statusCode()).isEqualTo(204);
    await().until(() -> server.limits.jobStreams() == 0);
  }

  @Test
  void whoFollowsAJobIsToldOfItsEndHereAndOfNothingElse() {
    users(2);
    holding = true;
    long first = post(fetch(1)).getLong("id");
    long second = post(fetch(2)).getLong("id");
    Jobs jobs = server.jobs.orElseThrow();
    Queue<String> told = new ConcurrentLinkedQueue<>();
    jobs.follow(first, "a", () -> told.add("first"));
    jobs.follow(second, "b", () -> told.add("second"));
    jobs.follow(first, "c", () -> told.add("nobody"));
    jobs.unfollow("c");
    await().until(() -> held.size() == 1);
    assertThat(told).isEmpty();
    release();
    await().until(() -> !told.isEmpty());
    assertThat(get(first).getString("state")).isEqualTo("succeeded");
    await().until(() -> told.size() == 2);
    assertThat(get(second).getString("state")).isEqualTo("succeeded");
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void aJobGoesOnAfterItsProcessHasEnded() throws IOException {
    users(40);
    long id = post(fetch(IntStream.rangeClosed(1, 40).toArray())).getLong("id");
    long interrupted = id + 1;
    awaitState(id, "succeeded");
    holding = true;
    post(fetch(IntStream.rangeClosed(1, 40).toArray()));
    await().until(() -> held.size() == 10);
    held.stream().limit(4).forEach(this::answerOnly);
    await().until(() -> get(interrupted).getInteger("done") == 4);
    server.close();
    held.clear();
    holding = false;
    server = started();
    JsonObject ended = awaitState(interrupted, "succeeded");
    assertThat(ended.getInteger("done")).isEqualTo(40);
    List<JsonObject> lines = results(interrupted, 0);
    assertThat(lines.stream().map(line -> line.getInteger("id")).distinct()).hasSize(40);
    assertThat(lines)
        .extracting(line -> line.getInteger("n"))
        .isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
  }

  private void answerOnly(Message<JsonObject> question) {
    question.reply(new JsonObject().put("answered", true));
  }

  @Test
  void aJobWhoseViewIsGoneHasFailed() throws IOException {
    users(3);
    holding = true;
    long id = post(fetch(1, 2)).getLong("id");
    await().until(() -> held.size() == 2);
    server.close();
    server = new TestServer(folder, "log.access=false", "sources.account.address=test.account");
    JsonObject failed = awaitState(id, "failed");
    assertThat(failed.getString("detail")).isEqualTo("there is no such view");
  }

  @Test
  void whatEndedLongAgoIsNoLongerThere() throws IOException {
    users(3);
    long id = post(fetch(1, 2)).getLong("id");
    awaitState(id, "succeeded");
    server.close();
    server = started("jobs.keep=1s");
    await().until(() -> server.get("/jobs/" + id).statusCode() == 404);
    assertThat(server.get("/jobs/" + id + "/results").statusCode()).isEqualTo(404);
  }
}
