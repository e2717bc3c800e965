package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.limits.RateLimit;
import dev.rollcall.views.ViewsHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How often a source is asked, and what becomes of those for whom that is not often enough. */
class RateTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static ViewsHarness source(String... more) {
    String[] sets = new String[more.length + 3];
    sets[0] = "sources.a.address=test.a";
    sets[1] = "views.v.sources=a";
    sets[2] = "views.v.deadline=10s";
    System.arraycopy(more, 0, sets, 3, more.length);
    return new ViewsHarness(sets);
  }

  private static Fetch ask(ViewsHarness harness, long id, Duration time) {
    return harness.ask(harness.vertx.getOrCreateContext(), "a", id, time);
  }

  @Test
  void noMoreAreAskedThanTheRateAndItsBurstAllow() {
    try (ViewsHarness harness =
        source("sources.a.rate.perSecond=50", "sources.a.rate.burst=5", "sources.a.timeout=9s")) {
      List<Long> asked = new CopyOnWriteArrayList<>();
      harness.own(
          "test.a",
          message -> {
            asked.add(System.nanoTime());
            message.reply(true);
          });
      long start = System.nanoTime();
      List<Fetch> fetches = new ArrayList<>();
      for (int id = 1; id <= 30; id++) {
        fetches.add(ask(harness, id, Duration.ofSeconds(9)));
      }
      fetches.forEach(
          fetch ->
              assertThat(ViewsHarness.await(fetch.answer()).reply().status())
                  .isEqualTo(SourceStatus.OK));
      for (int i = 0; i < asked.size(); i++) {
        long allowed = 5 + 50 * (asked.get(i) - start + SECOND / 50) / SECOND;
        assertThat(i + 1L).isLessThanOrEqualTo(allowed + 1);
      }
      assertThat(asked).hasSize(30);
      assertThat(harness.meter("rate.refused", "a")).isZero();
    }
  }

  @Test
  void whatHasNoTurnInItsTimeIsRefusedAtOnce() {
    try (ViewsHarness harness = source("sources.a.rate.perSecond=1", "sources.a.timeout=9s")) {
      harness.own("test.a", message -> message.reply(true));
      ViewsHarness.await(ask(harness, 1, Duration.ofSeconds(9)).answer());
      Fetch.Outcome refused = ViewsHarness.await(ask(harness, 2, Duration.ofMillis(500)).answer());
      assertThat(refused.attempts()).isZero();
      assertThat(refused.reply())
          .isEqualTo(SourceReply.refused("its rate has no turn within the time left"));
      assertThat(harness.meter("rate.refused", "a")).isEqualTo(1);
      assertThat(harness.meter("rate.waiting", "a")).isZero();
    }
  }

  @Test
  void whatWaitsForItsTurnCanBeCancelledAndLeavesItToTheNext() {
    try (ViewsHarness harness = source("sources.a.rate.perSecond=2", "sources.a.rate.burst=1")) {
      harness.own("test.a", message -> message.reply(message.body().getLong("id")));
      ViewsHarness.await(ask(harness, 1, Duration.ofSeconds(9)).answer());
      Fetch second = ask(harness, 2, Duration.ofSeconds(9));
      assertThat(harness.meter("rate.waiting", "a")).isEqualTo(1);
      second.cancel();
      Awaitility.await().until(() -> harness.meter("rate.waiting", "a") == 0);
      Fetch.Outcome third = ViewsHarness.await(ask(harness, 3, Duration.ofSeconds(9)).answer());
      assertThat(third.reply().value()).hasToString("3");
    }
  }

  @Test
  void answersFromMemoryTakeNoTurn() {
    try (ViewsHarness harness =
        source("sources.a.rate.perSecond=1", "sources.a.rate.burst=1", "sources.a.maxAge=1m")) {
      harness.own("test.a", message -> message.reply(true));
      for (int i = 0; i < 5; i++) {
        assertThat(ViewsHarness.await(ask(harness, 1, Duration.ofSeconds(9)).answer()).reply())
            .extracting(SourceReply::status)
            .isEqualTo(SourceStatus.OK);
      }
    }
  }

  @Test
  void retriesTakeTurnsAsWell() {
    try (ViewsHarness harness =
        source("sources.a.rate.perSecond=1", "sources.a.rate.burst=1", "sources.a.retries=1")) {
      harness.own("test.a", message -> message.fail(500, "broken"));
      Fetch.Outcome failed = ViewsHarness.await(ask(harness, 1, Duration.ofMillis(900)).answer());
      assertThat(failed.attempts()).isEqualTo(1);
      assertThat(failed.reply().status()).isEqualTo(SourceStatus.FAILED);
      assertThat(harness.meter("rate.refused", "a")).isEqualTo(1);
    }
  }

  @Test
  void noMoreWaitThanTheQueueHolds() {
    RateLimit rate = new RateLimit(10, 1, 2);
    assertThat(rate.take(() -> {}, 10_000)).isZero();
    assertThat(rate.take(() -> {}, 10_000)).isBetween(1L, 100L);
    assertThat(rate.take(() -> {}, 10_000)).isBetween(101L, 200L);
    assertThat(rate.take(() -> {}, 10_000)).isEqualTo(RateLimit.NEVER);
    assertThat(rate.waiting()).isEqualTo(2);
  }
}
