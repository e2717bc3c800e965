package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Answers that are used again for as long as {@code maxAge} says. */
class AnswerCacheTest {

  private static ViewsHarness source(String... more) {
    String[] sets = new String[more.length + 5];
    sets[0] = "sources.a.address=test.a";
    sets[1] = "sources.a.maxAge=1h";
    sets[2] = "sources.b.address=test.b";
    sets[3] = "views.v.sources=a,b";
    sets[4] = "views.v.modes=all,any,race";
    System.arraycopy(more, 0, sets, 5, more.length);
    return new ViewsHarness(sets);
  }

  private static Fetch.Outcome ask(ViewsHarness harness, long id) {
    Fetch fetch = harness.ask(harness.vertx.getOrCreateContext(), "a", id, Duration.ofSeconds(9));
    return ViewsHarness.await(fetch.answer());
  }

  @Test
  void anAnswerAtHandTakesNoAttempt() {
    try (ViewsHarness harness = source()) {
      harness.own("test.a", message -> message.reply(message.body().getLong("id")));
      assertThat(ask(harness, 1).attempts()).isEqualTo(1);
      Fetch.Outcome again = ask(harness, 1);
      assertThat(again.reply()).isEqualTo(SourceReply.ok(Buffer.buffer("1")));
      assertThat(again.attempts()).isZero();
      assertThat(again.age()).isZero();
      assertThat(again.stale()).isFalse();
      assertThat(ask(harness, 2).reply().value()).hasToString("2");
      assertThat(harness.meter("cached", "a")).isEqualTo(1);
    }
  }

  @Test
  void thatThereIsNoneIsKeptAsWell() {
    try (ViewsHarness harness = source()) {
      harness.own("test.a", message -> message.fail(404, "none"));
      assertThat(ask(harness, 1).attempts()).isEqualTo(1);
      assertThat(ask(harness, 1).attempts()).isZero();
      assertThat(ask(harness, 1).reply().status()).isEqualTo(SourceStatus.ABSENT);
    }
  }

  @Test
  void aViewTellsThatAValueIsFromMemoryAndHowOldItIs() {
    try (ViewsHarness harness = source("sources.a.maxAge=1m")) {
      harness.own("test.a", message -> message.reply(true));
      harness.own("test.b", message -> message.reply(true));
      assertThat(harness.fetch("v", null).json().toString())
          .contains("\"attempts\":1,\"value\":true");
      Awaitility.await()
          .until(() -> harness.fetch("v", null).json().toString().contains("\"age\":1"));
      ViewAnswer answer = harness.fetch("v", null);
      assertThat(answer.json().toString())
          .matches(".*\"attempts\":0,\"cached\":true,\"age\":[1-9],\"value\":true.*");
    }
  }

  /** Answers true, or fails with a code other than 0. */
  private static AtomicInteger answering(ViewsHarness harness) {
    AtomicInteger code = new AtomicInteger();
    harness.own(
        "test.a",
        message -> {
          if (code.get() == 0) {
            message.reply(true);
          } else {
            message.fail(code.get(), "no");
          }
        });
    return code;
  }

  @Test
  void anAnswerThatIsTooOldIsBetterThanAFailureAndSaysSo() {
    try (ViewsHarness harness =
        source(
            "sources.a.maxAge=50ms", "sources.a.staleIfError=1h", "sources.a.breaker.failures=3")) {
      AtomicInteger code = answering(harness);
      assertThat(ask(harness, 1).stale()).isFalse();
      code.set(500);
      Awaitility.await().until(() -> ask(harness, 1).stale());
      // The breaker opens, which changes nothing for whoever asks.
      for (int i = 0; i < 5; i++) {
        Fetch.Outcome stale = ask(harness, 1);
        assertThat(stale.reply()).isEqualTo(SourceReply.ok(Buffer.buffer("true")));
        assertThat(stale.stale()).isTrue();
        assertThat(stale.age()).isNotNegative();
      }
      assertThat(harness.meter("stale", "a")).isGreaterThanOrEqualTo(6);
      assertThat(harness.meter("breaker", "a")).isEqualTo(2);
      // Of others there is nothing in memory.
      assertThat(ask(harness, 2).reply().status()).isEqualTo(SourceStatus.REFUSED);
    }
  }

  @Test
  void aViewTellsThatAnAnswerIsStaleAndHowOftenANewOneWasAskedFor() {
    try (ViewsHarness harness = source("sources.a.maxAge=1ms", "sources.a.staleIfError=1h")) {
      AtomicInteger code = answering(harness);
      harness.own("test.b", message -> message.reply(true));
      harness.fetch("v", "all");
      code.set(500);
      Awaitility.await()
          .until(
              () ->
                  harness
                      .fetch("v", "all")
                      .json()
                      .toString()
                      .matches(
                          ".*\"attempts\":1,\"cached\":true,\"age\":\\d+,\"stale\":true,"
                              + "\"value\":true.*"));
    }
  }

  @Test
  void anAnswerThatCannotBeUsedIsNoReasonForAnOldOne() {
    try (ViewsHarness harness = source("sources.a.maxAge=1ms", "sources.a.staleIfError=1h")) {
      AtomicInteger code = answering(harness);
      ask(harness, 1);
      code.set(422);
      Awaitility.await().until(() -> ask(harness, 1).reply().status() == SourceStatus.FAILED);
      code.set(404);
      Awaitility.await().until(() -> ask(harness, 1).reply().status() == SourceStatus.ABSENT);
    }
  }

  @Test
  void aStaleAnswerIsGivenAtOnceWhileOneNewOneIsFetched() {
    try (ViewsHarness harness =
        source(
            "sources.a.maxAge=200ms",
            "sources.a.staleWhileRevalidate=1h",
            "sources.a.timeout=9s",
            "views.v.deadline=10s")) {
      Owner owner = harness.owner("test.a");
      Fetch first = harness.ask("a");
      owner.next().reply(1);
      ViewsHarness.await(first.answer());
      Awaitility.await().until(() -> ask(harness, 42).stale());
      for (int i = 0; i < 20; i++) {
        Fetch.Outcome stale = ask(harness, 42);
        assertThat(stale.reply().value()).hasToString("1");
        assertThat(stale.attempts()).isZero();
      }
      owner.next().reply(2);
      Awaitility.await().until(() -> Buffer.buffer("2").equals(ask(harness, 42).reply().value()));
      assertThat(owner.count()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void failuresAreNotKept() {
    try (ViewsHarness harness = source()) {
      for (int code : new int[] {500, 422, 429, 504}) {
        var owner = harness.vertx.eventBus().consumer("test.a", m -> m.fail(code, "no"));
        assertThat(ask(harness, 1).attempts()).isEqualTo(1);
        ViewsHarness.await(owner.unregister());
      }
      harness.own("test.a", message -> message.reply(true));
      assertThat(ask(harness, 1).reply().status()).isEqualTo(SourceStatus.OK);
    }
  }

  @Test
  void anAnswerThatIsTooOldIsAskedForAgain() {
    try (ViewsHarness harness = source("sources.a.maxAge=200ms")) {
      harness.own("test.a", message -> message.reply(true));
      ask(harness, 1);
      Awaitility.await().until(() -> ask(harness, 1).attempts() == 1);
      assertThat(harness.meter("attempts", "a")).isEqualTo(2);
    }
  }

  @Test
  void noMoreIsKeptThanItsLimit() {
    try (ViewsHarness harness = source("sources.a.cacheLimit=100KiB")) {
      String text = "x".repeat(10_000);
      harness.own("test.a", message -> message.reply(text));
      for (int id = 1; id <= 100; id++) {
        ask(harness, id);
      }
      // What is too much is dropped by another thread, soon.
      Awaitility.await()
          .untilAsserted(
              () -> {
                double before = harness.meter("cached", "a");
                for (int id = 1; id <= 100; id++) {
                  ask(harness, id);
                }
                assertThat(harness.meter("cached", "a") - before).isBetween(1.0, 20.0);
              });
    }
  }

  @Test
  void anAnswerAtHandWinsBeforeTheOthersAreAsked() {
    try (ViewsHarness harness = source()) {
      Owner b = harness.owner("test.b");
      harness.own("test.a", message -> message.reply(true));
      harness.fetch("v", "any");
      b.next();
      for (String mode : new String[] {"any", "race"}) {
        assertThat(harness.fetch("v", mode).results())
            .extracting(SourceResult::status)
            .containsExactly(SourceStatus.OK, SourceStatus.CANCELLED);
      }
      assertThat(b.count()).isEqualTo(1);
    }
  }

  @Test
  void anAbsentAnswerAtHandWinsARace() {
    try (ViewsHarness harness = source()) {
      Owner b = harness.owner("test.b");
      harness.own("test.a", message -> message.fail(404, "none"));
      harness.fetch("v", "race");
      b.next();
      ViewAnswer answer = harness.fetch("v", "race");
      assertThat(answer.failure()).isNull();
      assertThat(answer.complete()).isTrue();
      assertThat(b.count()).isEqualTo(1);
    }
  }

  @Test
  void whatIsForgottenIsAskedForAnewAndOthersAreNot() {
    try (ViewsHarness harness = source()) {
      harness.own("test.a", message -> message.reply(message.body().getLong("id")));
      ask(harness, 1);
      ask(harness, 2);
      harness.source("a").forget(1);
      assertThat(ask(harness, 1).attempts()).isEqualTo(1);
      assertThat(ask(harness, 2).attempts()).isZero();
    }
  }

  @Test
  void anAnswerThatWasUnderWayWhenItsUserWasForgottenIsNotKept() {
    try (ViewsHarness harness = source()) {
      Owner owner = harness.owner("test.a");
      Fetch fetch = harness.ask(harness.vertx.getOrCreateContext(), "a", 1, Duration.ofSeconds(9));
      Message<JsonObject> asked = owner.next();
      harness.source("a").forget(1);
      asked.reply(1);
      assertThat(ViewsHarness.await(fetch.answer()).reply().value()).hasToString("1");
      Fetch again = harness.ask(harness.vertx.getOrCreateContext(), "a", 1, Duration.ofSeconds(9));
      owner.next().reply(2);
      assertThat(ViewsHarness.await(again.answer()).reply().value()).hasToString("2");
    }
  }

  @Test
  void answersByValuesAreForgottenUnlessTheyHaveTheIdOfAnother() {
    Function<Map<String, String>, SourceQuery.Asked> key =
        values -> new SourceQuery.Asked(0, Map.of(), values, ForwardedHeaders.NONE);
    assertThat(key.apply(Map.of("id", "7")).mayBeOf(7)).isTrue();
    assertThat(key.apply(Map.of("id", "70", "user.email", "7")).mayBeOf(7)).isFalse();
    assertThat(key.apply(Map.of("user.email", "a@b.org")).mayBeOf(7)).isTrue();
  }
}
