package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.sources.limits.AdaptiveLimit;
import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attempts tell an adaptive limit, and what it does to them. */
class AdaptiveAttemptsTest {

  private static final Caller CALLER = new Caller("request-1", TraceContext.NONE);

  private static ViewsHarness source(String... more) {
    List<String> sets = new ArrayList<>(List.of(more));
    sets.replaceAll(set -> "sources.a." + set);
    sets.add("sources.a.address=test.a");
    sets.add("sources.a.inFlight=adaptive");
    sets.add("sources.a.breaker.failures=0");
    sets.add("views.v.sources=a");
    return new ViewsHarness(sets.toArray(String[]::new));
  }

  private static AdaptiveLimit limit(ViewsHarness harness) {
    return harness.source("a").permits().adaptive().get(0);
  }

  private static Fetch ask(ViewsHarness harness, long id) {
    return harness.ask(harness.vertx.getOrCreateContext(), "a", id, Duration.ofSeconds(10));
  }

  private static AttemptTimes asking() {
    AttemptTimes times = new AttemptTimes(false, 0);
    times.asked();
    return times;
  }

  @ParameterizedTest
  @CsvSource({
    "200, ANSWERED",
    "404, ANSWERED",
    "429, OVERLOADED",
    "502, OVERLOADED",
    "503, OVERLOADED",
    "400, UNRELATED",
    "500, UNRELATED",
  })
  void aReplyTellsByItsStatusWhetherThereIsTooMuchToDo(int code, Outcome expected) {
    try (ViewsHarness harness = source()) {
      harness.own(
          "test.a",
          message -> {
            if (code == 200) {
              message.reply(1);
            } else {
              message.fail(code, "");
            }
          });
      SourceReply reply = ViewsHarness.await(ask(harness, 1).answer()).reply();
      assertThat(AttemptOutcomes.shown(reply, asking(), null)).isEqualTo(expected);
    }
  }

  @Test
  void aTimeoutCountsWhereTheSourceHadItsTime() {
    SourceReply late = SourceReply.late("");
    AttemptTimes times = asking();
    Deadline own = Deadline.in(Duration.ofSeconds(1));
    assertThat(AttemptOutcomes.shown(late, times, own)).isEqualTo(Outcome.OVERLOADED);
    // Its caller gave it less.
    assertThat(AttemptOutcomes.shown(late, times, null)).isEqualTo(Outcome.GIVEN_UP);
    // The event loop of this process was late itself.
    Deadline passed = Deadline.in(Duration.ofMillis(-500));
    assertThat(AttemptOutcomes.shown(late, times, passed)).isEqualTo(Outcome.UNRELATED);
  }

  @Test
  void answersFromMemoryAndJoinedFetchesAreNoAttempts() {
    try (ViewsHarness harness = source("maxAge=1m")) {
      Owner owner = harness.owner("test.a");
      Fetch first = ask(harness, 1);
      Fetch joined = ask(harness, 1);
      var asked = owner.next();
      assertThat(limit(harness).taken()).isEqualTo(1);
      asked.reply(1);
      ViewsHarness.await(first.answer());
      ViewsHarness.await(joined.answer());
      ViewsHarness.await(ask(harness, 1).answer());
      assertThat(owner.count()).isEqualTo(1);
      assertThat(limit(harness).taken()).isZero();
    }
  }

  @Test
  void whatIsOverTheLimitWaitsOrIsRefusedAndCounted() {
    try (ViewsHarness harness = source("waiting=1", "timeout=300ms")) {
      harness.owner("test.a");
      List<Fetch> fetches = new ArrayList<>();
      for (int id = 1; id <= 102; id++) {
        fetches.add(ask(harness, id));
      }
      SourceReply refused = ViewsHarness.await(fetches.get(101).answer()).reply();
      assertThat(refused.status()).isEqualTo(SourceStatus.REFUSED);
      assertThat(limit(harness).refusals()).isPositive();
      assertThat(limit(harness).limit()).isEqualTo(100);
      assertThat(harness.registry.get("rollcall.source.limit.refused").functionCounter().count())
          .isEqualTo((double) limit(harness).refusals());
      fetches.forEach(Fetch::cancel);
    }
  }

  @Test
  void permitsAreGivenBackWhateverBecomesOfTheAttempts() {
    try (ViewsHarness harness =
        source("timeout=40ms", "retries=1", "hedgeAfter=5ms", "waiting=3")) {
      Random random = new Random(7);
      harness.own(
          "test.a",
          message -> {
            switch (random.nextInt(5)) {
              case 0 -> message.fail(503, "");
              case 1 -> message.fail(500, "");
              case 2 -> harness.vertx.setTimer(10, later -> message.reply(1));
              case 3 -> {}
              default -> message.reply(1);
            }
          });
      List<Future<Void>> loops = new ArrayList<>();
      int seed = 0;
      for (Context loop : harness.loops(ViewsHarness.LOOPS)) {
        Random own = new Random(seed++);
        Promise<Void> done = Promise.promise();
        loops.add(done.future());
        loop.runOnContext(turn -> next(harness, own, 30, done));
      }
      ViewsHarness.await(Future.all(loops));
      Awaitility.await().until(() -> limit(harness).taken() == 0);
      assertThat(limit(harness).limit()).isBetween(1, 1000);
    }
  }

  /** Ten fetches at once, some of which are left at once or later, then the next. */
  private static void next(ViewsHarness harness, Random random, int left, Promise<Void> done) {
    if (left == 0) {
      done.complete();
      return;
    }
    for (int i = 0; i < 10; i++) {
      SourceQuery query = new SourceQuery(1L + random.nextInt(50), Map.of(), Map.of(), CALLER);
      Fetch fetch =
          harness
              .source("a")
              .fetch(query, Deadline.in(Duration.ofMillis(100)), Loop.current(harness.vertx));
      int leaves = random.nextInt(4);
      if (leaves == 0) {
        fetch.cancel();
      } else if (leaves == 1) {
        harness.vertx.setTimer(1 + random.nextInt(20), later -> fetch.cancel());
      }
    }
    harness.vertx.setTimer(5, later -> next(harness, random, left - 1, done));
  }
}
