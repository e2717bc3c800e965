package dev.rollcall.sources.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.Fetch;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are used again for as long as they say themselves. */
class HttpCacheTest {
  /** Old when it comes, and can be confirmed. */
  private static final String OLD = "200\nCache-Control: max-age=1\nAge: 2\nETag: \"one\"";

  private final ScriptedOrigin origin = new ScriptedOrigin();

  @AfterEach
  void close() {
    origin.close();
  }

  private ViewsHarness source(String... more) {
    return new ViewsHarness(
        Stream.concat(
                Stream.of(
                    "sources.a.http=" + origin.url("/{id}"),
                    "sources.a.cache=http",
                    "sources.a.timeout=15s",
                    "views.v.sources=a",
                    "views.v.deadline=20s"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static Fetch.Outcome ask(ViewsHarness harness) {
    return CachedSources.ask(harness, "a", 42);
  }

  private static Fetch.Outcome ask(ViewsHarness harness, Map<String, String> headers) {
    return ViewsHarness.await(CachedSources.begin(harness, "a", 42, headers));
  }

  private static int number(Fetch.Outcome outcome) {
    assertThat(outcome.reply().detail()).isNull();
    return new JsonObject(outcome.reply().value()).getInteger("n");
  }

  private static String caches(Fetch.Outcome outcome) {
    CacheReport report = outcome.caches();
    return report == null ? "" : String.valueOf(report.text());
  }

  @Test
  void aStormOnAnAnswerThatIsTooOldAsksOnceAndIsConfirmedOnce() {
    origin.script("/42", OLD, "304\nCache-Control: max-age=600");
    try (ViewsHarness harness = source()) {
      ask(harness);
      origin.hold();
      List<Future<Fetch.Outcome>> storm = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        storm.add(CachedSources.begin(harness, "a", 42, Map.of()));
      }
      Awaitility.await().until(() -> harness.meter("joined", "a") == 499);
      origin.release();
      for (Future<Fetch.Outcome> each : storm) {
        Fetch.Outcome outcome = ViewsHarness.await(each);
        assertThat(number(outcome)).isEqualTo(1);
        assertThat(outcome.attempts()).isEqualTo(1);
        assertThat(caches(outcome)).isEqualTo("rollcall; fwd=stale; fwd-status=304; stored");
      }
      assertThat(origin.asked("/42")).isEqualTo(2);
      assertThat(origin.lastHeader("/42", "if-none-match")).isEqualTo("\"one\"");
      assertThat(ask(harness).attempts()).isZero();
    }
  }

  @Test
  void aStormDuringRevalidationWaitsForNothing() {
    origin.script("/42", OLD.replace("Age", "X") + "\nAge: 2", "304\nCache-Control: max-age=600");
    try (ViewsHarness harness = source("sources.a.staleWhileRevalidate=1h")) {
      ask(harness);
      origin.hold();
      for (int i = 0; i < 200; i++) {
        Fetch.Outcome stale = ask(harness);
        assertThat(stale.stale()).isTrue();
        assertThat(stale.age()).isBetween(2L, 600L);
        assertThat(caches(stale)).matches("rollcall; hit; ttl=-\\d+");
      }
      origin.release();
      Awaitility.await().until(() -> !ask(harness).stale());
      assertThat(origin.asked("/42")).isEqualTo(2);
    }
  }

  @Test
  void aSourceThatHasBeenDownForAnHourIsUsedStaleAndTheViewSaysSo() {
    // It was fresh for ten minutes, more than an hour ago.
    origin.script("/42", "200\nCache-Control: max-age=600\nAge: 4300", ScriptedOrigin.CLOSE);
    try (ViewsHarness harness = source("sources.a.staleIfError=2h")) {
      assertThat(ask(harness).stale()).isFalse();
      for (int i = 0; i < 20; i++) {
        // After the fifth failure the breaker leaves the source alone.
        assertThat(harness.fetch("v", null).json().toString())
            .matches(
                ".*\"a\":\\{\"status\":\"ok\",\"ms\":[0-9.]+,\"attempts\":[01],\"cached\":true,"
                    + "\"age\":43[0-9]{2},\"stale\":true,\"value\":\\{\"n\":1},"
                    + "\"cacheStatus\":\"rollcall; fwd=stale; ttl=-37[0-9]{2}\".*");
      }
      assertThat(harness.meter("stale", "a")).isEqualTo(20);
    }
  }

  @Test
  void anAnswerIsNotUsedStaleForLongerThanItMay() {
    origin.script("/42", "200\nCache-Control: max-age=600\nAge: 4300", ScriptedOrigin.CLOSE);
    try (ViewsHarness harness = source("sources.a.staleIfError=1h")) {
      ask(harness);
      assertThat(ask(harness).reply().status()).isEqualTo(SourceStatus.FAILED);
    }
  }

  @Test
  void whatAnAnswerForbidsNoSettingAllows() {
    String[] strict = {"must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=1"};
    try (ViewsHarness harness =
        source("sources.a.staleIfError=1h", "sources.a.staleWhileRevalidate=1h")) {
      for (int id = 0; id < strict.length; id++) {
        String head = "200\nCache-Control: max-age=1, " + strict[id] + "\nAge: 2\nETag: \"e\"";
        origin.script("/" + id, head, "503", head);
        CachedSources.ask(harness, "a", id);
        assertThat(CachedSources.ask(harness, "a", id).reply().status())
            .as(strict[id])
            .isEqualTo(SourceStatus.FAILED);
      }
      // What the answer itself says counts before the settings.
      String own = "max-age=1, stale-if-error=0, stale-while-revalidate=0";
      origin.script("/9", "200\nCache-Control: " + own + "\nAge: 2", "503");
      CachedSources.ask(harness, "a", 9);
      assertThat(CachedSources.ask(harness, "a", 9).reply().status())
          .isEqualTo(SourceStatus.FAILED);
    }
  }

  @Test
  void whatIsAskedWithCredentialsOfTheCallerIsKeptAmongEqualOnesAlone() {
    origin.script("/42", "200\nCache-Control: max-age=600\nVary: Authorization");
    try (ViewsHarness harness = source("sources.a.forward=authorization")) {
      Map<String, String> alice = Map.of("authorization", "Bearer a");
      Map<String, String> bob = Map.of("authorization", "Bearer b");
      assertThat(number(ask(harness, alice))).isEqualTo(1);
      assertThat(number(ask(harness, bob))).isEqualTo(2);
      assertThat(number(ask(harness))).isEqualTo(3);
      assertThat(number(ask(harness, alice))).isEqualTo(1);
      assertThat(number(ask(harness, bob))).isEqualTo(2);
      assertThat(origin.asked("/42")).isEqualTo(3);
    }
    origin.script("/42", "200\nCache-Control: private, max-age=600");
    try (ViewsHarness harness = source("sources.a.forward=authorization")) {
      ask(harness, Map.of("authorization", "Bearer a"));
      Fetch.Outcome again = ask(harness, Map.of("authorization", "Bearer a"));
      assertThat(number(again)).isEqualTo(2);
      assertThat(caches(again)).isEqualTo("rollcall; fwd=uri-miss; fwd-status=200; detail=private");
    }
  }

  @Test
  void aUrlIsAskedOnNoConditionOfAnother() {
    origin.script("/one", OLD);
    origin.script("/two", OLD);
    String both = "sources.a.http=" + origin.url("/one") + "," + origin.url("/two");
    try (ViewsHarness harness = source(both, "sources.a.balance=roundRobin")) {
      ask(harness);
      ask(harness);
      assertThat(origin.lastHeader("/one", "if-none-match")).isNull();
      assertThat(origin.lastHeader("/two", "if-none-match")).isNull();
      assertThat(origin.asked("/one") + origin.asked("/two")).isEqualTo(2);
    }
  }

  @Test
  void aPostThatIsSafeIsKeptWhereItNamesItsUrlAndNeverAskedOnACondition() {
    String[] post = {
      "sources.a.method=post", "sources.a.body={\"id\":\"{id}\"}", "sources.a.safe=true"
    };
    try (ViewsHarness harness = source(post)) {
      origin.script("/42", "200\nCache-Control: max-age=600");
      ask(harness);
      assertThat(caches(ask(harness))).endsWith("detail=content-location");
      origin.script("/42", "200\nContent-Location: /42\nETag: \"one\"");
      ask(harness);
      assertThat(caches(ask(harness))).endsWith("detail=no-lifetime");
      origin.script("/42", "200\nContent-Location: /42\nCache-Control: max-age=600");
      ask(harness);
      assertThat(ask(harness).attempts()).isZero();
      origin.script("/43", OLD + "\nContent-Location: /43");
      CachedSources.ask(harness, "a", 43);
      CachedSources.ask(harness, "a", 43);
      assertThat(origin.asked("/43")).isEqualTo(2);
      assertThat(origin.lastHeader("/43", "if-none-match")).isNull();
    }
  }

  @Test
  void theValueThatIsKeptIsTheOneThatTheSettingsMakeOfTheAnswer() {
    origin.script("/42", OLD, "304");
    try (ViewsHarness harness = source("sources.a.fields.number=n")) {
      ask(harness);
      assertThat(ask(harness).reply().value()).hasToString("{\"number\":1}");
      assertThat(origin.asked("/42")).isEqualTo(2);
    }
  }

  @Test
  void aNewAnswerTakesThePlaceOfTheOldOneAlsoWhereItIsNotKept() {
    origin.script("/42", OLD, "200\nCache-Control: no-store", ScriptedOrigin.CLOSE);
    try (ViewsHarness harness = source("sources.a.staleIfError=1h")) {
      ask(harness);
      assertThat(caches(ask(harness)))
          .isEqualTo("rollcall; fwd=stale; fwd-status=200; detail=no-store");
      assertThat(ask(harness).reply().status()).isEqualTo(SourceStatus.FAILED);
    }
  }
}
