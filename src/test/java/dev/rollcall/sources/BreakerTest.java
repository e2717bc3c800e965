package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.sources.Breaker;
import dev.rollcall.sources.SourceBreaker.Admission;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Context;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** When a source is left alone, and how it is tried again. */
class BreakerTest {

  private static final SourceReply BROKEN = SourceReply.broken("broken");

  private static ViewsHarness source(String... more) {
    String[] sets = new String[more.length + 3];
    sets[0] = "sources.a.address=test.a";
    sets[1] = "views.v.sources=a";
    sets[2] = "sources.a.breaker.failures=3";
    System.arraycopy(more, 0, sets, 3, more.length);
    return new ViewsHarness(sets);
  }

  private static Fetch.Outcome outcome(Fetch fetch) {
    return ViewsHarness.await(fetch.answer());
  }

  private static void failOnce(ViewsHarness harness, Owner owner) {
    Fetch fetch = harness.ask("a");
    owner.next().fail(500, "broken");
    assertThat(outcome(fetch).reply().status()).isEqualTo(SourceStatus.FAILED);
  }

  /** A breaker that is open, of which one attempt that began before has not ended. */
  private static SourceBreaker opened(Duration openFor) {
    SourceBreaker breaker = new SourceBreaker("a", new Breaker(1, openFor));
    assertThat(breaker.admit()).isEqualTo(Admission.USUAL);
    assertThat(breaker.admit()).isEqualTo(Admission.USUAL);
    breaker.failed(Admission.USUAL, 1, BROKEN);
    assertThat(breaker.level()).isEqualTo(2);
    return breaker;
  }

  private static void awaitTrial(SourceBreaker breaker) {
    Awaitility.await().until(() -> breaker.admit() == Admission.TRIAL);
  }

  @Test
  void soManyFailuresInARowOpenIt() {
    try (ViewsHarness harness = source()) {
      Owner owner = harness.owner("test.a");
      failOnce(harness, owner);
      failOnce(harness, owner);
      Fetch good = harness.ask("a");
      owner.next().reply(1);
      assertThat(outcome(good).reply().status()).isEqualTo(SourceStatus.OK);
      failOnce(harness, owner);
      failOnce(harness, owner);
      assertThat(harness.meter("breaker", "a")).isZero();
      failOnce(harness, owner);
      assertThat(harness.meter("breaker", "a")).isEqualTo(2);
      SourceResult refused = harness.fetch("v", null).results().get(0);
      assertThat(refused.status()).isEqualTo(SourceStatus.REFUSED);
      assertThat(refused.detail()).isEqualTo("breaker open");
      assertThat(refused.attempts()).isZero();
      assertThat(owner.count()).isEqualTo(6);
    }
  }

  @Test
  void whatASourceAnswersIsNoFailureOfIt() {
    try (ViewsHarness harness = source("sources.a.breaker.failures=1")) {
      harness.own("test.a", message -> message.fail((int) (long) message.body().getLong("id"), ""));
      for (int code : new int[] {404, 400, 422, 429}) {
        Fetch fetch =
            harness.ask(harness.vertx.getOrCreateContext(), "a", code, Duration.ofSeconds(5));
        assertThat(outcome(fetch).attempts()).isEqualTo(1);
      }
      assertThat(harness.meter("breaker", "a")).isZero();
    }
  }

  @Test
  void aTimeoutOpensItUnlessItIsTheCallerWhoWasShortOfTime() {
    try (ViewsHarness harness =
        source("sources.a.breaker.failures=1", "sources.a.timeout=300ms", "sources.a.waiting=0")) {
      harness.own("test.a", message -> {});
      for (int i = 0; i < 5; i++) {
        harness.fetch("v", null, Duration.ofMillis(20));
        Fetch fetch =
            harness.ask(harness.vertx.getOrCreateContext(), "a", i + 1, Duration.ofMillis(20));
        assertThat(outcome(fetch).reply().status()).isEqualTo(SourceStatus.TIMEOUT);
      }
      assertThat(harness.meter("breaker", "a")).isZero();
      assertTimeoutOpensIt(harness);
    }
  }

  /** Where the machine has little time for the event loop, only once it has more again. */
  private static void assertTimeoutOpensIt(ViewsHarness harness) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              SourceStatus status = outcome(harness.ask("a")).reply().status();
              assertThat(status).isEqualTo(SourceStatus.TIMEOUT);
              assertThat(harness.meter("breaker", "a")).isEqualTo(2);
            });
  }

  @Test
  void aTimeoutThatIsToldLateSinceTheEventLoopHadNoTimeDoesNotOpenIt() {
    try (ViewsHarness harness =
        source("sources.a.breaker.failures=1", "sources.a.timeout=50ms", "sources.a.waiting=0")) {
      Owner owner = harness.owner("test.a");
      Context loop = harness.loops(1).get(0);
      Fetch fetch = harness.ask(loop, "a", 1, Duration.ofSeconds(10));
      owner.next();
      loop.runOnContext(turn -> LockSupport.parkNanos(Duration.ofMillis(300).toNanos()));
      assertThat(outcome(fetch).reply().status()).isEqualTo(SourceStatus.TIMEOUT);
      assertThat(harness.meter("breaker", "a")).isZero();
      assertTimeoutOpensIt(harness);
    }
  }

  @Test
  void anOwnerWhoSaysThatACallersShortTimeIsOverDoesNotOpenIt() {
    try (ViewsHarness harness = source("sources.a.breaker.failures=1")) {
      harness.own("test.a", message -> message.fail(504, "out of time"));
      Fetch hasty = harness.ask(harness.vertx.getOrCreateContext(), "a", 1, Duration.ofMillis(500));
      assertThat(outcome(hasty).reply().status()).isEqualTo(SourceStatus.TIMEOUT);
      assertThat(harness.meter("breaker", "a")).isZero();
      assertThat(outcome(harness.ask("a")).reply().status()).isEqualTo(SourceStatus.TIMEOUT);
      assertThat(harness.meter("breaker", "a")).isEqualTo(2);
    }
  }

  @Test
  void afterAWhileOneAttemptTriesAndItsSuccessCloses() {
    try (ViewsHarness harness =
        source("sources.a.breaker.failures=1", "sources.a.breaker.openFor=100ms")) {
      Owner owner = harness.owner("test.a");
      failOnce(harness, owner);
      trial(harness);
      Message<JsonObject> trial = owner.next();
      // What else is asked meanwhile is refused.
      Fetch other = harness.ask(harness.vertx.getOrCreateContext(), "a", 7, Duration.ofSeconds(5));
      assertThat(outcome(other).reply().detail()).isEqualTo("breaker open");
      trial.reply(1);
      Awaitility.await().until(() -> harness.meter("breaker", "a") == 0);
      Fetch usual = harness.ask("a");
      owner.next().reply(2);
      assertThat(outcome(usual).reply().status()).isEqualTo(SourceStatus.OK);
    }
  }

  @Test
  void aTrialThatIsCancelledLeavesItsTurnToTheNext() {
    try (ViewsHarness harness =
        source("sources.a.breaker.failures=1", "sources.a.breaker.openFor=100ms")) {
      Owner owner = harness.owner("test.a");
      failOnce(harness, owner);
      Fetch trial = trial(harness);
      for (int i = 0; i < 3; i++) {
        owner.next();
        trial.cancel();
        Awaitility.await().until(() -> harness.source("a").permits().taken() == 0);
        trial = harness.ask("a");
        assertThat(trial.answer().isComplete()).isFalse();
      }
      owner.next().reply(1);
      assertThat(outcome(trial).reply().status()).isEqualTo(SourceStatus.OK);
      assertThat(harness.meter("breaker", "a")).isZero();
    }
  }

  /** Asks until that is not refused at once. */
  private static Fetch trial(ViewsHarness harness) {
    return Awaitility.await().until(() -> harness.ask("a"), fetch -> !fetch.answer().isComplete());
  }

  @Test
  void aRequiredSourceThatIsLeftAloneHasNobodyElseAsked() {
    try (ViewsHarness harness =
        source(
            "sources.a.breaker.failures=1",
            "sources.b.address=test.b",
            "views.w.sources=a,b",
            "views.w.required=a")) {
      failOnce(harness, harness.owner("test.a"));
      Owner b = harness.owner("test.b");
      ViewAnswer answer = harness.fetch("w", null);
      assertThat(answer.failure()).hasMessage("the required source a: breaker open");
      assertThat(answer.results())
          .extracting(SourceResult::status)
          .containsExactly(SourceStatus.REFUSED, SourceStatus.SKIPPED);
      assertThat(b.count()).isZero();
    }
  }

  @Test
  void whatBeganBeforeItOpenedHasNoSayInTheTrial() {
    SourceBreaker breaker = opened(Duration.ofMillis(20));
    awaitTrial(breaker);
    breaker.failed(Admission.USUAL, 1, BROKEN);
    assertThat(breaker.level()).isEqualTo(1);
    breaker.answered(Admission.TRIAL, 1);
    assertThat(breaker.level()).isZero();
  }

  @Test
  void whatBeganBeforeItOpenedGivesBackNoTurn() {
    SourceBreaker breaker = opened(Duration.ofMillis(20));
    awaitTrial(breaker);
    breaker.released(Admission.USUAL);
    assertThat(breaker.admit()).isEqualTo(Admission.NONE);
    assertThat(breaker.stillAdmits(Admission.USUAL)).isFalse();
    assertThat(breaker.stillAdmits(Admission.TRIAL)).isTrue();
    breaker.released(Admission.TRIAL);
    assertThat(breaker.admit()).isEqualTo(Admission.TRIAL);
  }

  @Test
  void aSourceCanBeAskedAlways() {
    SourceBreaker breaker = new SourceBreaker("a", new Breaker(0, Duration.ofSeconds(1)));
    for (int i = 0; i < 1000; i++) {
      assertThat(breaker.admit()).isEqualTo(Admission.USUAL);
      breaker.failed(Admission.USUAL, 1, BROKEN);
    }
    assertThat(breaker.level()).isZero();
  }

  @Test
  void answersThatTakeLongAreAnswers() {
    SourceBreaker breaker = new SourceBreaker("a", new Breaker(2, Duration.ofSeconds(1)));
    for (int i = 0; i < 10; i++) {
      assertThat(breaker.admit()).isEqualTo(Admission.USUAL);
      breaker.answered(Admission.USUAL, Duration.ofMinutes(5).toNanos());
    }
    assertThat(breaker.level()).isZero();
  }
}
