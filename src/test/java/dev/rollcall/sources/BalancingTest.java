package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.limits.AttemptLimits;
import dev.rollcall.sources.limits.Permits.Turn;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At which of its URLs a source is asked, and which are left out. */
class BalancingTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<Site> sites = new ArrayList<>();

  /** A server of one URL, which counts its requests and answers as it is told to. */
  private final class Site {
    final AtomicInteger count = new AtomicInteger();
    volatile Consumer<HttpServerRequest> answer = Site::ok;
    final HttpServer server =
        ViewsHarness.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      count.incrementAndGet();
                      answer.accept(request);
                    })
                .listen(0, "127.0.0.1"));

    static void ok(HttpServerRequest request) {
      request.response().putHeader("content-type", "application/json").end("true");
    }

    static void broken(HttpServerRequest request) {
      request.response().setStatusCode(500).end();
    }

    static void silent(HttpServerRequest request) {}

    String url() {
      return "http://127.0.0.1:" + server.actualPort() + "/{id}";
    }
  }

  @AfterEach
  void close() {
    ViewsHarness.await(vertx.close());
  }

  private ViewsHarness source(int urls, String... more) {
    for (int i = 0; i < urls; i++) {
      sites.add(new Site());
    }
    List<String> sets = new ArrayList<>(List.of(more));
    sets.replaceAll(set -> "sources.a." + set);
    sets.add("sources.a.http=" + sites.stream().map(Site::url).collect(Collectors.joining(",")));
    sets.add("sources.a.breaker.failures=0");
    sets.add("views.v.sources=a");
    sets.add("views.v.deadline=10s");
    return new ViewsHarness(sets.toArray(String[]::new));
  }

  private List<Integer> counts() {
    return sites.stream().map(site -> site.count.get()).toList();
  }

  private static void fetch(ViewsHarness harness, int times) {
    IntStream.range(0, times).forEach(i -> harness.fetch("v", null));
  }

  private static JsonObject attempt(ViewAnswer answer, int n) {
    return new JsonObject(answer.json())
        .getJsonObject("sources")
        .getJsonObject("a")
        .getJsonArray("timeline")
        .getJsonObject(n);
  }

  @Test
  void theFirstUrlIsAskedWhereNothingElseIsSaid() {
    try (ViewsHarness harness = source(3)) {
      fetch(harness, 6);
      assertThat(counts()).containsExactly(6, 0, 0);
    }
  }

  @Test
  void roundRobinAsksEachInTurnAndTheTimelineTellsWhich() {
    try (ViewsHarness harness = source(3, "balance=roundRobin")) {
      List<Integer> urls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        urls.add(attempt(harness.fetch("v", null), 0).getInteger("url"));
      }
      assertThat(urls).containsExactly(0, 1, 2, 0, 1, 2);
      assertThat(counts()).containsExactly(2, 2, 2);
    }
  }

  @Test
  void leastBusyLeavesASlowUrlToItsWork() {
    try (ViewsHarness harness = source(3, "balance=leastBusy", "timeout=9s")) {
      sites.get(1).answer = Site::silent;
      List<Fetch> hanging = new ArrayList<>();
      for (int id = 1; id <= 3; id++) {
        Fetch fetch =
            harness.ask(harness.vertx.getOrCreateContext(), "a", id, Duration.ofSeconds(9));
        hanging.add(fetch);
        int all = id;
        Awaitility.await().until(() -> counts().stream().mapToInt(i -> i).sum() == all);
      }
      assertThat(sites.get(1).count).hasValue(1);
      for (int id = 10; id < 20; id++) {
        ViewsHarness.await(
            harness
                .ask(harness.vertx.getOrCreateContext(), "a", id, Duration.ofSeconds(9))
                .answer());
      }
      assertThat(sites.get(1).count).hasValue(1);
      assertThat(sites.get(0).count.get()).isGreaterThan(3);
      assertThat(sites.get(2).count.get()).isGreaterThan(3);
      hanging.forEach(Fetch::cancel);
    }
  }

  @Test
  void aUrlThatFailsSoOftenInARowIsLeftOutAndComesBack() {
    try (ViewsHarness harness =
        source(2, "balance=roundRobin", "eject.failures=2", "eject.time=1s")) {
      sites.get(0).answer = Site::broken;
      fetch(harness, 20);
      assertThat(sites.get(0).count).hasValue(2);
      assertThat(sites.get(1).count).hasValue(18);
      assertThat(ejected(harness, 0)).isEqualTo(1);
      assertThat(ejected(harness, 1)).isZero();
      sites.get(0).answer = Site::ok;
      Awaitility.await().until(() -> ejected(harness, 0) == 0);
      fetch(harness, 4);
      assertThat(sites.get(0).count).hasValue(4);
      assertThat(
              harness
                  .registry
                  .get("rollcall.source.ejections")
                  .tags("source", "a", "url", "0")
                  .functionCounter()
                  .count())
          .isEqualTo(1);
    }
  }

  private static double ejected(ViewsHarness harness, int url) {
    return harness
        .registry
        .get("rollcall.source.ejected")
        .tags("source", "a", "url", Integer.toString(url))
        .gauge()
        .value();
  }

  @Test
  void theLastUrlIsNeverLeftOut() {
    try (ViewsHarness harness = source(2, "eject.failures=1", "eject.time=1h")) {
      sites.forEach(site -> site.answer = Site::broken);
      fetch(harness, 10);
      assertThat(counts()).containsExactly(1, 9);
      assertThat(ejected(harness, 0) + ejected(harness, 1)).isEqualTo(1);
    }
    try (ViewsHarness harness = single()) {
      fetch(harness, 5);
      assertThat(sites.get(0).count).hasValue(6);
    }
  }

  private ViewsHarness single() {
    return new ViewsHarness(
        "sources.a.http=" + sites.get(0).url(), "sources.a.eject.failures=1", "views.v.sources=a");
  }

  @Test
  void anAnswerInBetweenStartsTheCountAnew() {
    try (ViewsHarness harness = source(2, "eject.failures=3", "eject.time=1h")) {
      AtomicInteger asked = new AtomicInteger();
      sites.get(0).answer =
          request -> {
            if (asked.incrementAndGet() % 3 == 0) {
              Site.ok(request);
            } else {
              Site.broken(request);
            }
          };
      fetch(harness, 9);
      assertThat(counts()).containsExactly(9, 0);
    }
  }

  @Test
  void aRetryGoesToAnotherUrl() {
    for (String balance : List.of("first", "roundRobin", "leastBusy")) {
      sites.clear();
      try (ViewsHarness harness = source(3, "balance=" + balance, "retries=1")) {
        sites.forEach(site -> site.answer = Site::broken);
        for (int i = 0; i < 5; i++) {
          ViewAnswer answer = harness.fetch("v", null);
          assertThat(attempt(answer, 0).getInteger("url"))
              .isNotEqualTo(attempt(answer, 1).getInteger("url"));
        }
      }
    }
  }

  @Test
  void aHedgeGoesToAnotherUrlAndNotToOneThatIsLeftOut() {
    for (String balance : List.of("first", "roundRobin", "leastBusy")) {
      sites.clear();
      try (ViewsHarness harness =
          source(
              3,
              "balance=" + balance,
              "hedgeAfter=20ms",
              "timeout=300ms",
              "eject.failures=1",
              "eject.time=1h")) {
        sites.get(2).answer = Site::broken;
        SourceClient client = harness.source("a");
        client.urls().failed(2);
        sites.get(0).answer = Site::silent;
        sites.get(1).answer = Site::silent;
        ViewAnswer answer = harness.fetch("v", null);
        assertThat(
                List.of(attempt(answer, 0).getInteger("url"), attempt(answer, 1).getInteger("url")))
            .containsExactlyInAnyOrder(0, 1);
        assertThat(attempt(answer, 1).getBoolean("hedge")).isTrue();
        assertThat(sites.get(2).count).hasValue(0);
      }
    }
  }

  @Test
  void noHedgeIsMadeWhereNoOtherUrlIsLeft() {
    try (ViewsHarness harness =
        source(2, "hedgeAfter=20ms", "timeout=200ms", "eject.failures=1", "eject.time=1h")) {
      harness.source("a").urls().failed(1);
      sites.get(0).answer = Site::silent;
      assertThat(harness.fetch("v", null).results().get(0).attempts()).isEqualTo(1);
      assertThat(counts()).containsExactly(1, 0);
    }
  }

  @Test
  void aUrlThatIsLeftOutIsBetterThanNone() {
    try (ViewsHarness harness = source(2, "eject.failures=1", "eject.time=1h")) {
      harness.source("a").urls().failed(0);
      harness.source("a").pauses().pause(1, 60_000);
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(answer.results().get(0).status()).isEqualTo(SourceStatus.OK);
      assertThat(counts()).containsExactly(1, 0);
    }
  }

  @Test
  void aUrlThatHasAllThatItsOwnLimitAllowsIsPassedOver() {
    for (String balance : List.of("first", "roundRobin", "leastBusy")) {
      sites.clear();
      try (ViewsHarness harness =
          source(2, "balance=" + balance, "inFlight=adaptive", "timeout=9s")) {
        AttemptLimits limits = harness.source("a").permits();
        for (int i = 0; i < 100; i++) {
          assertThat(limits.take(0, () -> {})).isEqualTo(Turn.NOW);
        }
        fetch(harness, 4);
        assertThat(counts()).containsExactly(0, 4);
        for (int i = 0; i < 100; i++) {
          limits.release(0);
        }
      }
    }
  }
}
