package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.Owner;
import dev.rollcall.views.SeededUpstream.Asked;
import dev.rollcall.views.SeededUpstream.Ending;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an explained answer tells of the attempts at its sources. */
@Tag("slow")
class ExplainTest {

  private static final int FETCHES = 1000;
  private static final int AT_ONCE = 10;
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
  void itTellsOfEachRequestThatTheUpstreamSawAndOfNoOther() {
    try (SeededUpstream upstream = new SeededUpstream(20);
        ViewsHarness harness =
            new ViewsHarness(
                "sources.plain.http=" + upstream.url("plain", 0),
                "sources.plain.timeout=50ms",
                "sources.retried.http="
                    + upstream.url("retried", 0)
                    + ","
                    + upstream.url("retried", 1),
                "sources.retried.retries=2",
                "sources.retried.timeout=100ms",
                "sources.hedged.http=" + upstream.url("hedged", 0),
                "sources.hedged.hedgeAfter=10ms",
                "sources.hedged.timeout=100ms",
                "sources.plain.breaker.failures=0",
                "sources.retried.breaker.failures=0",
                "sources.hedged.breaker.failures=0",
                "views.v.sources=plain,retried,hedged",
                "views.v.modes=all,any,race,sequential",
                "views.v.deadline=400ms")) {
      List<String> modes = List.of("all", "any", "race", "sequential");
      List<ViewAnswer> answers = new ArrayList<>();
      for (int first = 1; first <= FETCHES; first += AT_ONCE) {
        List<Future<ViewAnswer>> some = new ArrayList<>();
        for (int id = first; id < first + AT_ONCE; id++) {
          some.add(harness.begin("v", modes.get(id % 4), id, new Cancellation()));
        }
        some.forEach(answer -> answers.add(ViewsHarness.await(answer)));
      }
      await().atMost(Duration.ofSeconds(10)).until(upstream::allEnded);
      int matched = 0;
      for (ViewAnswer answer : answers) {
        for (String source : List.of("plain", "retried", "hedged")) {
          matched += match(answer, source, upstream.asked(source, answer.user().id()));
        }
      }
      assertThat(answers).hasSize(FETCHES);
      assertThat(matched).isEqualTo(upstream.count()).isGreaterThan(FETCHES / 5);
    }
  }

  /** Compares the attempts with the requests; gives how many requests there were. */
  private static int match(ViewAnswer answer, String source, List<Asked> requests) {
    List<JsonObject> attempts = timeline(answer, source);
    assertThat(fit(attempts, requests, answer.startedAt()))
        .as("%s are %s, from %s on", requests, attempts, answer.startedAt())
        .isTrue();
    return requests.size();
  }

  /** Whether each request is one of the attempts, and no attempt was made that is no request. */
  private static boolean fit(List<JsonObject> attempts, List<Asked> requests, long startedAt) {
    if (requests.isEmpty()) {
      // What is called off as it is about to be sent does not reach the upstream.
      Set<String> calledOff = Set.of("cancelled", "timeout");
      return attempts.stream().allMatch(left -> calledOff.contains(left.getString("end")));
    }
    Asked request = requests.get(0);
    for (int i = 0; i < attempts.size(); i++) {
      List<JsonObject> others = new ArrayList<>(attempts);
      if (isOf(others.remove(i), request, startedAt)
          && fit(others, requests.subList(1, requests.size()), startedAt)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether cause and effect are in order: it asks before it is seen, and has an end after that.
   */
  private static boolean isOf(JsonObject attempt, Asked request, long startedAt) {
    double began = (request.began - startedAt) / MILLI;
    double ended = (request.ended - startedAt) / MILLI;
    double asked = attempt.getDouble("at") + attempt.getDouble("waited");
    boolean afterIt = asked <= began + ROUNDED && attempt.getInteger("url") == request.url;
    return switch (attempt.getString("end")) {
      case "ok" -> afterIt && request.ending == Ending.ANSWERED && ended <= end(attempt) + ROUNDED;
      case "failed" ->
          afterIt && request.ending == Ending.FAILED && ended <= end(attempt) + ROUNDED;
      case "cancelled", "timeout" ->
          afterIt && (request.ending != Ending.GIVEN_UP || end(attempt) <= ended + ROUNDED);
      default -> false;
    };
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
