package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source that is asked with a token, and what becomes of it when there is none. */
class ClientTokenTest {

  private static final String BASIC =
      "Basic "
          + Base64.getEncoder()
              .encodeToString("roll+call:s%26cret".getBytes(StandardCharsets.UTF_8));

  private final Vertx vertx = Vertx.vertx();

  /** What the token endpoint was sent: the credentials, and the form. */
  private final List<String> issued = new CopyOnWriteArrayList<>();

  private final AtomicInteger asked = new AtomicInteger();
  private volatile Predicate<String> accepted = token -> true;
  private volatile int status = 200;
  private volatile String body = "";
  private volatile long delay = 1;
  private volatile boolean wantsBody;
  private final HttpServer server =
      ViewsHarness.await(
          vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));

  private void handle(HttpServerRequest request) {
    if (!request.path().equals("/token")) {
      asked.incrementAndGet();
      String token = String.valueOf(request.getHeader("authorization"));
      request
          .response()
          .setStatusCode(accepted.test(token) ? 200 : 401)
          .putHeader("content-type", "application/json")
          .end("\"" + token + "\"");
      return;
    }
    request.body().onSuccess(form -> vertx.setTimer(delay, later -> issue(request, form)));
  }

  private void issue(HttpServerRequest request, Buffer form) {
    issued.add(request.getHeader("authorization") + " " + form);
    boolean refused = wantsBody && request.getHeader("authorization") != null;
    request
        .response()
        .setStatusCode(refused ? 401 : status)
        .end(
            body.isEmpty()
                ? "{\"access_token\":\"t"
                    + issued.size()
                    + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
                : body);
  }

  @AfterEach
  void close() {
    ViewsHarness.await(vertx.close());
  }

  private ViewsHarness source(String... more) {
    String url = "http://127.0.0.1:" + server.actualPort();
    List<String> sets = new ArrayList<>(List.of(more));
    sets.add("sources.a.http=" + url + "/{id}");
    if (more.length == 0 || !more[0].contains("timeout")) {
      sets.add("sources.a.timeout=15s");
    }
    sets.add("sources.a.token.url=" + url + "/token");
    sets.add("sources.a.token.clientId=roll call");
    sets.add("sources.a.token.clientSecret=s&cret");
    sets.add("sources.a.token.scope=a.read b");
    sets.add("views.v.sources=a");
    sets.add("views.v.deadline=20s");
    return new ViewsHarness(sets.toArray(String[]::new));
  }

  private static SourceReply ask(ViewsHarness harness) {
    return ViewsHarness.await(harness.ask("a").answer()).reply();
  }

  @Test
  void oneTokenIsAskedForByAllWhoWaitAndKept() {
    delay = 100;
    try (ViewsHarness harness = source()) {
      List<Fetch> fetches = new ArrayList<>();
      for (int id = 1; id <= 30; id++) {
        fetches.add(
            harness.ask(harness.vertx.getOrCreateContext(), "a", id, Duration.ofSeconds(15)));
      }
      fetches.forEach(
          fetch ->
              assertThat(ViewsHarness.await(fetch.answer()).reply().value())
                  .hasToString("\"Bearer t1\""));
      assertThat(ask(harness).value()).hasToString("\"Bearer t1\"");
      assertThat(issued).containsExactly(BASIC + " grant_type=client_credentials&scope=a.read+b");
    }
  }

  @Test
  void whereTheHeaderIsRefusedTheCredentialsStandInTheBody() {
    wantsBody = true;
    try (ViewsHarness harness = source()) {
      assertThat(ask(harness).value()).hasToString("\"Bearer t2\"");
      assertThat(issued.get(1))
          .isEqualTo(
              "null grant_type=client_credentials&scope=a.read+b"
                  + "&client_id=roll+call&client_secret=s%26cret");
    }
  }

  @Test
  void aTokenThatHasRunOutIsReplaced() {
    body = "{\"access_token\":\"short\",\"expires_in\":\"1\"}";
    try (ViewsHarness harness = source()) {
      assertThat(ask(harness).value()).hasToString("\"Bearer short\"");
      body = "";
      Awaitility.await().until(() -> Buffer.buffer("\"Bearer t2\"").equals(ask(harness).value()));
    }
  }

  @Test
  void afterARefusalTheSameAttemptIsMadeOnceWithAnotherToken() {
    try (ViewsHarness harness = source()) {
      assertThat(ask(harness).value()).hasToString("\"Bearer t1\"");
      accepted = token -> token.equals("Bearer t2");
      Fetch.Outcome outcome = ViewsHarness.await(harness.ask("a").answer());
      assertThat(outcome.reply().value()).hasToString("\"Bearer t2\"");
      assertThat(outcome.attempts()).isEqualTo(1);
      assertThat(asked).hasValue(3);
    }
  }

  @Test
  void aSourceThatRefusesEveryTokenIsNoReasonToAskForMore() {
    accepted = token -> false;
    try (ViewsHarness harness = source("sources.a.breaker.failures=0")) {
      for (int i = 0; i < 5; i++) {
        SourceReply reply = ask(harness);
        assertThat(reply.status()).isEqualTo(SourceStatus.FAILED);
        assertThat(reply.detail()).isEqualTo("status 401");
      }
      assertThat(issued).hasSize(2);
      assertThat(asked).hasValue(6);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "500 |                                            | its server answers 500",
        "401 | {\"error\":\"invalid_client\"}             | its server answers 401"
            + " (invalid_client)",
        "400 | {\"error\":\"<b>hunter2 now</b>\"}         | its server answers 400",
        "302 |                                            | its server answers 302",
        "200 | x                                          | an answer that is not JSON",
        "200 | {}                                         | an answer without a token that a header"
            + " can",
        "200 | {\"access_token\":5}                       | an answer without a token that a header"
            + " can",
        "200 | {\"access_token\":\"a\\r"
            + "\\n"
            + "b\"}            | an answer without a token that a header can",
        "200 | {\"access_token\":\"a\",\"token_type\":\"mac\"} | a token that is no bearer token",
        "200 | {\"access_token\":\"a\",\"expires_in\":-1} | an answer whose expires_in is no whole",
        "200 | {\"access_token\":\"a\",\"expires_in\":[]} | an answer whose expires_in is no whole",
        "200 | [1]                                        | an answer without a token that a header"
            + " can",
      })
  void withoutATokenTheSourceFailsAndSaysWhy(int answered, String answer, String why) {
    status = answered;
    body = answer == null ? "{" : answer;
    try (ViewsHarness harness = source()) {
      SourceReply reply = ask(harness);
      assertThat(reply.status()).isEqualTo(SourceStatus.FAILED);
      assertThat(reply.detail()).startsWith("no token: " + why).doesNotContain("hunter2");
      assertThat(asked).hasValue(0);
      int before = issued.size();
      // An endpoint that has just failed is left alone for a moment.
      assertThat(ask(harness).detail()).startsWith("no token: " + why);
      assertThat(issued).hasSize(before);
    }
  }

  @Test
  void anAnswerThatIsTooLargeEnds() {
    body = "{\"access_token\":\"" + "a".repeat(100_000) + "\"}";
    try (ViewsHarness harness = source()) {
      assertThat(ask(harness).detail())
          .isEqualTo("no token: its server's answer is larger than 64KiB");
    }
  }

  @Test
  void whoWaitsForATokenEndsInItsTimeAndCanLeave() {
    delay = 3000;
    try (ViewsHarness harness = source("sources.a.timeout=200ms")) {
      SourceReply late = ask(harness);
      assertThat(late.status()).isEqualTo(SourceStatus.TIMEOUT);
      Fetch fetch = harness.ask("a");
      fetch.cancel();
      assertThat(asked).hasValue(0);
    }
  }
}
