package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.Owner;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an explained answer tells of the attempts at its sources. */
class ExplainTest {

  private static final double MILLI = 1_000_000.0;

  /** Times are rounded to a tenth of a millisecond. */
  private static final double ROUNDED = 0.11;

  private static List<JsonObject> timeline(ViewAnswer answer, String source) {
    JsonArray items =
        new JsonObject(answer.json())
            .getJsonObject("sources")
            .getJsonObject(source)
            .getJsonArray("timeline");
    return items.stream().map(JsonObject.class::cast).toList();
  }

  private static double end(JsonObject attempt) {
    return attempt.getDouble("at") + attempt.getDouble("ms");
  }

  @Test
  void attemptsAreNumberedInTheOrderOfTheirBeginningAndTellWhichUrlTheyAsked() {
    try (ViewsHarness harness =
        new ViewsHarness("sources.a.address=test.a", "sources.a.retries=1", "views.v.sources=a")) {
      harness.own("test.a", message -> message.fail(500, "broken"));
      List<JsonObject> attempts = timeline(harness.fetch("v", null), "a");
      assertThat(attempts).extracting(attempt -> attempt.getInteger("n")).containsExactly(1, 2);
      assertThat(attempts)
          .allSatisfy(
              attempt -> {
                assertThat(attempt.fieldNames())
                    .containsExactly("n", "at", "waited", "ms", "end", "hedge", "url");
                assertThat(attempt.getString("end")).isEqualTo("failed");
                assertThat(attempt.getBoolean("hedge")).isFalse();
                assertThat(attempt.getInteger("url")).isZero();
              });
      assertThat(attempts.get(1).getDouble("at"))
          .isGreaterThanOrEqualTo(end(attempts.get(0)) - ROUNDED);
    }
  }

  @Test
  void aHedgeThatWinsStandsBesideTheAttemptThatItOutran() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a", "sources.a.hedgeAfter=20ms", "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      Future<ViewAnswer> answer = harness.begin("v", null, 42, new Cancellation());
      Message<JsonObject> first = owner.next();
      owner.next().reply("second");
      List<JsonObject> attempts = timeline(ViewsHarness.await(answer), "a");
      assertThat(attempts)
          .extracting(attempt -> attempt.getString("end"))
          .containsExactly("cancelled", "ok");
      assertThat(attempts)
          .extracting(attempt -> attempt.getBoolean("hedge"))
          .containsExactly(false, true);
      first.reply("too late");
    }
  }

  @Test
  void waitingForAPermitIsTold() {
    try (ViewsHarness harness =
        new ViewsHarness("sources.a.address=test.a", "sources.a.inFlight=1", "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      Future<ViewAnswer> ahead = harness.begin("v", null, 1, new Cancellation());
      Message<JsonObject> first = owner.next();
      Future<ViewAnswer> behind = harness.begin("v", null, 2, new Cancellation());
      await().until(() -> harness.meter("waiting", "a") == 1);
      first.reply("first");
      owner.next().reply("second");
      JsonObject waited = timeline(ViewsHarness.await(behind), "a").get(0);
      assertThat(waited.getDouble("waited")).isPositive();
      assertThat(waited.getDouble("ms")).isGreaterThanOrEqualTo(waited.getDouble("waited"));
      assertThat(timeline(ViewsHarness.await(ahead), "a").get(0).getDouble("waited"))
          .isLessThan(waited.getDouble("waited") + 1000);
    }
  }

  @Test
  void anAttemptThatWasRefusedIsThereThoughItNeverAsked() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.a.inFlight=1",
            "sources.a.waiting=0",
            "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      Future<ViewAnswer> ahead = harness.begin("v", null, 1, new Cancellation());
      Message<JsonObject> first = owner.next();
      ViewAnswer refused = ViewsHarness.await(harness.begin("v", null, 2, new Cancellation()));
      assertThat(refused.results().get(0).attempts()).isZero();
      assertThat(timeline(refused, "a"))
          .extracting(attempt -> attempt.getString("end"))
          .containsExactly("refused");
      first.reply("first");
      ViewsHarness.await(ahead);
    }
  }

  @Test
  void aQuestionThatAnotherViewAskedBeganBeforeThisOne() {
    try (ViewsHarness harness = new ViewsHarness("sources.a.address=test.a", "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      Future<ViewAnswer> asking = harness.begin("v", null, 42, new Cancellation());
      Message<JsonObject> question = owner.next();
      Future<ViewAnswer> joining = harness.begin("v", null, 42, new Cancellation());
      await().until(() -> harness.meter("joined", "a") == 1);
      question.reply("for both");
      JsonObject own = timeline(ViewsHarness.await(asking), "a").get(0);
      JsonObject joined = timeline(ViewsHarness.await(joining), "a").get(0);
      assertThat(own.getDouble("at")).isNotNegative();
      assertThat(joined.getDouble("at")).isLessThan(own.getDouble("at"));
      assertThat(joined.getDouble("ms")).isEqualTo(own.getDouble("ms"));
    }
  }

  @Test
  void whoeverLeavesAQuestionThatOthersWaitForSeesItUpToThen() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.a.timeout=20s",
            "views.v.sources=a",
            "views.v.deadline=30s")) {
      Owner owner = harness.owner("test.a");
      Future<ViewAnswer> patient = harness.begin("v", null, 42, new Cancellation());
      Message<JsonObject> question = owner.next();
      ViewAnswer hasty = harness.fetch("v", null, Duration.ofMillis(100));
      JsonObject cut = timeline(hasty, "a").get(0);
      question.reply("late");
      assertThat(timeline(ViewsHarness.await(patient), "a").get(0).getString("end"))
          .isEqualTo("ok");
      assertThat(cut.getString("end")).isEqualTo("timeout");
      // It is the same when it is written later.
      assertThat(timeline(hasty, "a").get(0)).isEqualTo(cut);
      assertThat(end(cut)).isLessThanOrEqualTo(hasty.nanos() / MILLI + ROUNDED);
    }
  }

  @Test
  void anAnswerFromMemoryAndASourceThatWasNotAskedHaveNoAttempts() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.a.maxAge=1m",
            "sources.b.address=test.b",
            "sources.b.needs=c",
            "sources.c.address=test.c",
            "views.v.sources=a,b,c")) {
      harness.own("test.a", message -> message.reply("kept"));
      harness.own("test.c", message -> message.fail(400, "no"));
      harness.fetch("v", null);
      ViewAnswer again = harness.fetch("v", null);
      assertThat(timeline(again, "a")).isEmpty();
      assertThat(timeline(again, "b")).isEmpty();
      assertThat(Set.copyOf(timeline(again, "c"))).hasSize(1);
    }
  }
}
