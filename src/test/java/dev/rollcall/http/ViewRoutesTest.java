package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.users.User;
import dev.rollcall.users.Users;
import dev.rollcall.users.UsersBetween;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views of one user over HTTP, and the list of views. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class ViewRoutesTest {

  /** Server-Timing as its specification has it, of which no optional white space is used. */
  private static final Pattern SERVER_TIMING =
      Pattern.compile(
          "%1$s(, %1$s)*"
              .formatted("[!#$%&'*+.^_`|~0-9A-Za-z-]+(;desc=\"[a-z]+\")?;dur=[0-9]+\\.[0-9]"));

  private static final int ABSENT = 2;
  private static final int FAILING = 3;
  private static final int SILENT = 4;
  private static final int UNREACHABLE = 9;

  /** Users of whom one is never found, and never missed either. */
  private static final class Lost extends UsersBetween {
    Lost(Users users) {
      super(users);
    }

    @Override
    public Future<User> get(long id, Cancellation client) {
      return id == UNREACHABLE ? Promise.<User>promise().future() : super.get(id, client);
    }
  }

  private TestServer server;
  private HeldSource held;

  @BeforeAll
  void start(@TempDir Path folder) {
    server =
        new TestServer(
            folder,
            Lost::new,
            "log.access=false",
            "sources.account.address=test.account",
            "sources.account.timeout=1s",
            "sources.orders.address=test.orders",
            "sources.held.address=test.held",
            "sources.held.timeout=9s",
            "sources.company.http=http://127.0.0.1:1/secret/{account.company}",
            "sources.company.headers.Authorization=secret",
            "sources.company.needs=account",
            "views.profile.sources=account,orders",
            "views.profile.required=account",
            "views.profile.modes=all,any,race,sequential",
            "views.strict.sources=held",
            "views.strict.required=held",
            "views.strict.deadline=10s",
            "views.lenient.sources=orders,held",
            "views.lenient.deadline=10s",
            "views.hasty.sources=orders",
            "views.hasty.deadline=1200ms",
            "views.chain.sources=company,account");
    server.vertx.eventBus().<JsonObject>consumer("test.account", ViewRoutesTest::account);
    server
        .vertx
        .eventBus()
        .<JsonObject>consumer(
            "test.orders",
            question ->
                question.reply(
                    Buffer.buffer("[1.50, 1e2,\n 12345678901234567890.1, \"\\u00e9\"]")));
    held = new HeldSource(server.vertx, "test.held");
    for (int id : List.of(1, ABSENT, FAILING, SILENT, 5)) {
      server.send("PUT", "/users/" + id, "{\"name\":\"N\"}");
    }
  }

  private static void account(Message<JsonObject> question) {
    switch (HeldSource.id(question)) {
      case ABSENT -> question.fail(404, "unknown");
      case FAILING -> question.fail(500, "broken");
      case SILENT -> {}
      default -> question.reply(new JsonObject().put("balance", 12));
    }
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @AfterEach
  void nothingIsHeld() {
    eventually(() -> server.limits.inFlight() == 0);
    for (String source : List.of("account", "orders", "held")) {
      eventually(() -> inFlight(source) == 0);
    }
  }

  /** Waits for something that comes soon, without dozing. */
  private static void eventually(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private double inFlight(String source) {
    return server.registry.get("rollcall.source.in.flight").tag("source", source).gauge().value();
  }

  private static JsonObject source(JsonObject answer, String name) {
    return answer.getJsonObject("sources").getJsonObject(name);
  }

  private HttpResponse<Buffer> getBy(String deadlineMs, String target) {
    return TestServer.await(
        server.request("GET", target).putHeader("Rollcall-Deadline-Ms", deadlineMs).send());
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "sequential", "any", "race"})
  void everyModeIsAnswered(String mode) {
    HttpResponse<Buffer> answer = server.get("/users/1/views/profile?mode=" + mode);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.getHeader("ETag")).isNull();
    assertThat(answer.getHeader("Server-Timing"))
        .matches(SERVER_TIMING)
        .startsWith("account;")
        .contains(", orders;")
        .contains(", total;dur=");
    JsonObject json = answer.bodyAsJsonObject();
    assertThat(json.fieldNames()).containsExactly("user", "view", "mode", "complete", "sources");
    assertThat(json.getJsonObject("user")).isEqualTo(server.get("/users/1").bodyAsJsonObject());
    assertThat(json.getString("view")).isEqualTo("profile");
    assertThat(json.getString("mode")).isEqualTo(mode);
    assertThat(json.getBoolean("complete")).isTrue();
    assertThat(json.getJsonObject("sources").fieldNames()).containsExactly("account", "orders");
  }

  @Test
  void anExplainedAnswerHasTheAttemptsOfEachSourceAndAnotherOneDoesNot() {
    JsonObject explained = server.get("/users/1/views/profile?explain=true").bodyAsJsonObject();
    for (String name : List.of("account", "orders")) {
      JsonObject attempt = source(explained, name).getJsonArray("timeline").getJsonObject(0);
      assertThat(attempt.getString("end")).isEqualTo("ok");
      assertThat(attempt.getDouble("ms"))
          .isLessThanOrEqualTo(source(explained, name).getDouble("ms") + 0.1);
    }
    for (String query : List.of("", "?explain=false")) {
      assertThat(server.get("/users/1/views/profile" + query).bodyAsString())
          .doesNotContain("timeline");
    }
  }

  @Test
  void theProblemOfAViewThatFailedIsExplainedAsWell() {
    HttpResponse<Buffer> answer = server.get("/users/3/views/profile?explain=true");
    assertThat(answer.statusCode()).isEqualTo(502);
    JsonObject attempt =
        source(answer.bodyAsJsonObject(), "account").getJsonArray("timeline").getJsonObject(0);
    assertThat(attempt.getString("end")).isEqualTo("failed");
  }

  @Test
  void theViewsOwnModeIsTheDefault() {
    assertThat(server.get("/users/1/views/profile").bodyAsJsonObject().getString("mode"))
        .isEqualTo("all");
  }

  @Test
  void valuesAreThePlainBytesOfTheSource() {
    assertThat(server.get("/users/1/views/profile").bodyAsString())
        .contains("\"value\":[1.50, 1e2,  12345678901234567890.1, \"\\u00e9\"]");
  }

  @Test
  void whatIsAbsentIsAnAnswer() {
    HttpResponse<Buffer> answer = server.get("/users/2/views/profile");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject json = answer.bodyAsJsonObject();
    assertThat(json.getBoolean("complete")).isTrue();
    assertThat(source(json, "account").getString("status")).isEqualTo("absent");
    assertThat(answer.getHeader("Server-Timing")).contains("account;desc=\"absent\";dur=");
  }

  @ParameterizedTest
  @ValueSource(ints = {FAILING, SILENT})
  void withoutARequiredSourceThereIsAProblemThatCarriesTheRest(int id) {
    HttpResponse<Buffer> answer = server.get("/users/" + id + "/views/profile?mode=sequential");
    int status = id == FAILING ? 502 : 504;
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.getHeader("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.getHeader("Server-Timing")).matches(SERVER_TIMING).contains("orders;desc");
    JsonObject problem = answer.bodyAsJsonObject();
    assertThat(problem.fieldNames())
        .containsExactly(
            "type",
            "title",
            "status",
            "detail",
            "requestId",
            "user",
            "view",
            "mode",
            "complete",
            "sources");
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("detail")).contains("account");
    assertThat(problem.getString("requestId")).isEqualTo(answer.getHeader("X-Request-Id"));
    assertThat(problem.getJsonObject("user").getInteger("id")).isEqualTo(id);
    assertThat(problem.getBoolean("complete")).isFalse();
    assertThat(source(problem, "account").getString("status"))
        .isEqualTo(id == FAILING ? "failed" : "timeout");
    assertThat(source(problem, "orders").getString("status")).isEqualTo("skipped");
  }

  @Test
  void headIsAnsweredAsGetWithoutTheBody() throws IOException {
    try (RawClient raw = server.raw()) {
      RawClient.Answer head = raw.head("HEAD /users/1/views/profile").readHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers()).containsKeys("content-length", "server-timing");
      assertThat(raw.head("HEAD /users/3/views/profile").readHead().status()).isEqualTo(502);
      assertThat(raw.head("HEAD /views").readHead().status()).isEqualTo(200);
      assertThat(raw.head("GET /views").read().status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsNotThereIsSaidToBeMissing() {
    assertThat(server.get("/users/99/views/profile").bodyAsJsonObject().getString("detail"))
        .isEqualTo("User not found");
    HttpResponse<Buffer> none = server.get("/users/1/views/Profile");
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.bodyAsJsonObject().getString("detail")).isEqualTo("there is no such view");
    assertThat(server.get("/users/x/views/Profile").statusCode()).isEqualTo(400);
  }

  @Test
  void aModeThatTheViewDoesNotAllowIsRefused() {
    HttpResponse<Buffer> answer = server.get("/users/1/views/strict?mode=any");
    assertThat(answer.statusCode()).isEqualTo(400);
    JsonObject fault = answer.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0);
    assertThat(fault.getString("pointer")).isEqualTo("?mode");
  }

  @Test
  void aDeadlineOfTheCallersCutsTheAnswerShort() {
    long start = System.nanoTime();
    HttpResponse<Buffer> answer = getBy("100", "/users/1/views/strict");
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(source(answer.bodyAsJsonObject(), "held").getString("status")).isEqualTo("timeout");
    HttpResponse<Buffer> lenient = getBy("1500", "/users/1/views/lenient");
    assertThat(lenient.statusCode()).isEqualTo(200);
    assertThat(lenient.bodyAsJsonObject().getBoolean("complete")).isFalse();
    assertThat(source(lenient.bodyAsJsonObject(), "orders").getString("status")).isEqualTo("ok");
  }

  @Test
  void aDeadlineCanNotBeLengthened() {
    HttpResponse<Buffer> answer = getBy("9007199254740991", "/users/9/views/hasty");
    assertThat(answer.statusCode()).isEqualTo(504);
  }

  @Test
  void theSourceIsToldWhatIsLeftAndOnWhoseBehalf() {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Future<HttpResponse<Buffer>> answer =
        server
            .request("GET", "/users/5/views/strict")
            .putHeader("Rollcall-Deadline-Ms", "8000")
            .putHeader("X-Request-Id", "mine")
            .putHeader("traceparent", trace)
            .putHeader("tracestate", List.of("a=1", "b@c=2"))
            .putHeader("baggage", "tenant=7;internal, user=x%2C")
            .putHeader("Authorization", "Bearer secret")
            .send();
    Message<JsonObject> question = held.nextAbout(5);
    assertThat(question.body()).isEqualTo(new JsonObject("{\"id\":5,\"needs\":{}}"));
    assertThat(Integer.parseInt(question.headers().get("deadline-ms"))).isBetween(1, 7999);
    assertThat(question.headers().get("x-request-id")).isEqualTo("mine");
    assertThat(question.headers().get("traceparent")).isEqualTo(trace);
    assertThat(question.headers().get("tracestate")).isEqualTo("a=1,b@c=2");
    assertThat(question.headers().get("baggage")).isEqualTo("tenant=7;internal,user=x%2C");
    assertThat(question.headers().toString()).doesNotContain("secret");
    question.reply("done");
    assertThat(source(TestServer.await(answer).bodyAsJsonObject(), "held").getString("value"))
        .isEqualTo("done");
  }

  @Test
  void aUserWhoCanNotBeHadInTimeIsAProblemOfItsOwn() {
    HttpResponse<Buffer> answer = getBy("50", "/users/9/views/profile");
    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.getHeader("Server-Timing")).isNull();
    assertThat(answer.bodyAsJsonObject().fieldNames())
        .containsExactly("type", "title", "status", "detail", "requestId");
  }

  @Test
  void aClientThatHangsUpHasTheSourcesLeftAlone() throws IOException {
    try (RawClient raw = server.raw()) {
      raw.head("GET /users/2/views/strict");
      held.nextAbout(2);
      eventually(() -> server.limits.inFlight() == 1);
      raw.reset();
    }
    eventually(() -> abandoned("strict") == 1);
  }

  private long abandoned(String view) {
    return server
        .registry
        .find("rollcall.view.answers")
        .tags("view", view, "status", "499")
        .timers()
        .stream()
        .mapToLong(timer -> timer.count())
        .sum();
  }

  @Test
  void theListSaysWhatMayBeAskedForAndNotWhereItIsFound() {
    HttpResponse<Buffer> answer = server.get("/views");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.bodyAsString()).doesNotContain("secret", "127.0.0.1", "test.");
    List<JsonObject> views =
        answer.bodyAsJsonObject().getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .toList();
    assertThat(views)
        .extracting(view -> view.getString("name"))
        .containsExactly("chain", "hasty", "lenient", "profile", "strict");
    assertThat(views.get(0).encode())
        .isEqualTo(
            "{\"name\":\"chain\",\"mode\":\"all\",\"modes\":[\"all\"],\"deadlineMs\":2000,"
                + "\"sources\":["
                + "{\"name\":\"account\",\"kind\":\"bus\",\"required\":false,\"needs\":[],"
                + "\"timeoutMs\":1000},"
                + "{\"name\":\"company\",\"kind\":\"http\",\"required\":false,"
                + "\"needs\":[\"account\"],\"timeoutMs\":1000}]}");
    assertThat(views.get(3).getJsonArray("modes"))
        .containsExactly("all", "any", "race", "sequential");
    assertThat(views.get(3).getJsonArray("sources").getJsonObject(0).getBoolean("required"))
        .isTrue();
  }
}
