package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.Addresses;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attempts at one answer: retries, hedges, and what both may cost. */
@Tag("slow")
class SharedFetchTest {

  private static ViewsHarness source(String... more) {
    String[] sets = new String[more.length + 3];
    sets[0] = "sources.a.address=test.a";
    sets[1] = "views.v.sources=a";
    sets[2] = "views.v.deadline=30s";
    System.arraycopy(more, 0, sets, 3, more.length);
    return new ViewsHarness(sets);
  }

  private static Fetch.Outcome outcome(Fetch fetch) {
    return ViewsHarness.await(fetch.answer());
  }

  @ParameterizedTest(name = "code {0}: {1} attempts, {2}")
  @CsvSource({
    "500, 3, FAILED",
    "503, 3, FAILED",
    "504, 3, TIMEOUT",
    "-1,  1, FAILED",
    "400, 1, FAILED",
    "422, 1, FAILED",
    "404, 1, ABSENT",
    "410, 1, ABSENT",
    "429, 1, REFUSED",
  })
  void onlyWhatMayBeBetterNextTimeIsRetried(int code, int attempts, SourceStatus status) {
    try (ViewsHarness harness = source("sources.a.retries=2")) {
      AtomicInteger seen = new AtomicInteger();
      harness.own(
          "test.a",
          message -> {
            assertThat(message.headers().get(Addresses.ATTEMPT))
                .isEqualTo(Integer.toString(seen.incrementAndGet()));
            message.fail(code, "no");
          });
      SourceResult result = harness.fetch("v", null).results().get(0);
      assertThat(result.status()).isEqualTo(status);
      assertThat(result.attempts()).isEqualTo(attempts);
      assertThat(seen).hasValue(attempts);
    }
  }

  @Test
  void aRetryAfterATimeoutMayHelp() {
    try (ViewsHarness harness = source("sources.a.retries=1", "sources.a.timeout=1s")) {
      Owner owner = harness.owner("test.a");
      Fetch fetch = harness.ask("a");
      Message<JsonObject> first = owner.next();
      owner.next().reply("late but good");
      assertThat(outcome(fetch).reply().value()).hasToString("\"late but good\"");
      assertThat(outcome(fetch).attempts()).isEqualTo(2);
      assertThat(owner.cancelled()).isEqualTo(first.headers().get(Addresses.EXCHANGE));
    }
  }

  @Test
  void nobodyRetriesBeyondTheDeadline() {
    try (ViewsHarness harness = source("sources.a.retries=10", "sources.a.timeout=300ms")) {
      Owner owner = harness.owner("test.a");
      long start = System.nanoTime();
      Fetch fetch = harness.ask(harness.vertx.getOrCreateContext(), "a", 42, Duration.ofSeconds(1));
      assertThat(outcome(fetch).reply().status()).isEqualTo(SourceStatus.TIMEOUT);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2500));
      assertThat(outcome(fetch).attempts()).isBetween(2, 4).isEqualTo(owner.count());
    }
  }

  @Test
  void tenRepetitionsAreFreeAndThenOneForTenCalls() {
    try (ViewsHarness harness = source("sources.a.retries=1", "sources.a.breaker.failures=0")) {
      harness.own("test.a", message -> message.fail(500, "broken"));
      int attempts = 0;
      for (int id = 1; id <= 110; id++) {
        attempts +=
            outcome(harness.ask(harness.vertx.getOrCreateContext(), "a", id, Duration.ofSeconds(9)))
                .attempts();
      }
      // 100 saved and 110 paid in, less what was paid while nothing more could be saved.
      assertThat(attempts - 110).isBetween(19, 21);
      assertThat(harness.meter("repeats.unaffordable", "a")).isEqualTo(220.0 - attempts);
    }
  }

  @Test
  void aHedgeThatAnswersFirstWinsAndTheFirstAttemptIsCancelled() {
    try (ViewsHarness harness = source("sources.a.hedgeAfter=50ms")) {
      Owner owner = harness.owner("test.a");
      Fetch fetch = harness.ask("a");
      Message<JsonObject> first = owner.next();
      Message<JsonObject> second = owner.next();
      assertThat(harness.meter("in.flight", "a")).isEqualTo(2);
      second.reply("second");
      assertThat(outcome(fetch).reply().value()).hasToString("\"second\"");
      assertThat(outcome(fetch).attempts()).isEqualTo(2);
      assertThat(owner.cancelled()).isEqualTo(first.headers().get(Addresses.EXCHANGE));
      assertThat(harness.meter("hedges.won", "a")).isEqualTo(1);
      first.reply("too late");
    }
  }

  @Test
  void aFirstAttemptThatAnswersAfterAllCancelsTheHedge() {
    try (ViewsHarness harness = source("sources.a.hedgeAfter=50ms")) {
      Owner owner = harness.owner("test.a");
      Fetch fetch = harness.ask("a");
      Message<JsonObject> first = owner.next();
      Message<JsonObject> second = owner.next();
      first.reply("first");
      assertThat(outcome(fetch).reply().value()).hasToString("\"first\"");
      assertThat(owner.cancelled()).isEqualTo(second.headers().get(Addresses.EXCHANGE));
      assertThat(harness.meter("hedges.won", "a")).isZero();
    }
  }

  @Test
  void aHedgeThatFailsLeavesTheFirstAttemptItsTime() {
    try (ViewsHarness harness = source("sources.a.hedgeAfter=50ms")) {
      Owner owner = harness.owner("test.a");
      Fetch fetch = harness.ask("a");
      Message<JsonObject> first = owner.next();
      owner.next().fail(500, "broken");
      first.fail(404, "none");
      assertThat(outcome(fetch).reply().status()).isEqualTo(SourceStatus.ABSENT);
    }
  }

  @Test
  void noHedgeIsMadeOnceTheFirstAttemptHasEnded() {
    try (ViewsHarness harness =
        source("sources.a.hedgeAfter=700ms", "sources.a.timeout=9s", "sources.a.retries=1")) {
      Owner owner = harness.owner("test.a");
      Fetch fetch = harness.ask("a");
      owner.next().fail(500, "broken");
      Message<JsonObject> retry = owner.next();
      // Long after a hedge would have been made.
      harness.vertx.setTimer(1500, later -> retry.reply("retried"));
      assertThat(outcome(fetch).attempts()).isEqualTo(2);
      assertThat(owner.count()).isEqualTo(2);
    }
  }

  @Test
  void callersWhoLeaveEarlyDoNotMakeHedgesComeEarlier() {
    try (ViewsHarness harness = source("sources.a.hedgeAfter=p95")) {
      harness.own("test.a", message -> {});
      for (int i = 0; i < 300; i++) {
        harness.ask("a").cancel();
      }
      assertThat(harness.source("a").hedgeDelay().millis()).isZero();
    }
  }

  @Test
  void hedgesAndRetriesShareOneBudget() {
    try (ViewsHarness harness = source("sources.a.hedgeAfter=1ms", "sources.a.retries=1")) {
      for (int taken = 0; taken < 10; taken++) {
        assertThat(harness.source("a").budget().takeRepeat()).isTrue();
      }
      harness.own(
          "test.a", message -> harness.vertx.setTimer(300, later -> message.fail(500, "broken")));
      assertThat(outcome(harness.ask("a")).attempts()).isEqualTo(1);
      assertThat(harness.meter("repeats.unaffordable", "a")).isEqualTo(2);
    }
  }

  @Test
  void aRetryThatIsRefusedLeavesStandingHowTheFirstAttemptEnded() {
    try (ViewsHarness harness =
        source("sources.a.retries=1", "sources.a.breaker.failures=1", "sources.a.timeout=100ms")) {
      harness.own("test.a", message -> {});
      SourceResult result = harness.fetch("v", null).results().get(0);
      assertThat(result.status()).isEqualTo(SourceStatus.TIMEOUT);
      assertThat(result.attempts()).isEqualTo(1);
    }
  }
}
