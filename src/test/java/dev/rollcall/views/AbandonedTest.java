package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.sources.Owner;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views that nobody waits for any more, and views that break. */
class AbandonedTest {

  private static final String[] VIEW = {
    "sources.a.address=test.a",
    "sources.a.timeout=40ms",
    "sources.a.retries=2",
    "sources.a.inFlight=3",
    "sources.a.waiting=5",
    "sources.b.address=test.b",
    "sources.b.hedgeAfter=2ms",
    "sources.b.breaker.failures=5",
    "sources.b.breaker.openFor=5ms",
    "sources.c.address=test.c",
    "sources.c.needs=a",
    "sources.d.address=test.d",
    "sources.d.maxAge=3ms",
    "views.v.sources=a,b,c,d",
    "views.v.required=b",
    "views.v.modes=all,sequential",
    "views.w.sources=a,b,d",
    "views.w.modes=any,race",
    "views.w.mode=any",
  };

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void whoLeavesAtAnyMomentLeavesNothingBehind(long seed) {
    Random random = new Random(seed);
    AtomicBoolean well = new AtomicBoolean();
    try (ViewsHarness harness = new ViewsHarness(VIEW)) {
      for (String name : List.of("a", "b", "c", "d")) {
        Random own = new Random(seed + name.hashCode());
        harness.own(
            "test." + name,
            message -> atSomeTime(harness, message, well.get() ? 0 : own.nextInt(6)));
      }
      List<Context> loops = harness.loops(ViewsHarness.LOOPS);
      List<Future<ViewAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        Cancellation client = new Cancellation();
        String view = random.nextBoolean() ? "v" : "w";
        String mode = mode(view, random.nextBoolean());
        Deadline deadline = Deadline.in(Duration.ofMillis(1 + random.nextInt(100)));
        Context loop = loops.get(random.nextInt(loops.size()));
        answers.add(harness.begin(loop, view, mode, 1 + random.nextInt(3), deadline, client));
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(3000)));
        client.cancel();
      }
      assertThat(answers).allSatisfy(AbandonedTest::isOver);
      well.set(true);
      // Nor is a breaker left that waits for a trial which has ended.
      Awaitility.await().until(() -> harness.fetch("v", "all").complete());
    }
  }

  private static String mode(String view, boolean first) {
    if (view.equals("v")) {
      return first ? "all" : "sequential";
    }
    return first ? "any" : "race";
  }

  private static void atSomeTime(ViewsHarness harness, Message<JsonObject> message, int way) {
    switch (way) {
      case 0 -> message.reply(message.body().getLong("id"));
      case 1 -> message.fail(404, "none");
      case 2 -> message.fail(500, "broken");
      case 3 -> {}
      default -> harness.vertx.setTimer(5L * way - 15, later -> message.reply("later"));
    }
  }

  private static void isOver(Future<ViewAnswer> answer) {
    try {
      ViewsHarness.await(answer);
    } catch (Failure e) {
      assertThat(e.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    }
  }

  @Test
  void whoHasLeftBeforehandAsksNobody() {
    try (ViewsHarness harness = new ViewsHarness("sources.a.address=test.a", "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      Cancellation client = new Cancellation();
      client.cancel();
      Future<ViewAnswer> answer = harness.begin("v", null, 42, client);
      assertThatThrownBy(() -> ViewsHarness.await(answer))
          .isInstanceOf(Failure.class)
          .hasMessage("the caller has gone");
      assertThat(owner.count()).isZero();
      assertThat(
              harness
                  .registry
                  .get("rollcall.view.answers")
                  .tags("view", "v", "status", "499")
                  .timer()
                  .count())
          .isEqualTo(1);
    }
  }

  @Test
  void aFaultOfOursFailsTheAnswerInsteadOfLeavingItsCallerWaiting() {
    try (ViewsHarness harness = new ViewsHarness("sources.a.address=test.a", "views.v.sources=a")) {
      harness.own("test.a", message -> message.reply(1));
      harness
          .registry
          .config()
          .meterFilter(
              new MeterFilter() {
                @Override
                public Meter.Id map(Meter.Id id) {
                  throw new IllegalStateException("a bug");
                }
              });
      Future<ViewAnswer> answer = harness.begin("v", null, 42, new Cancellation());
      assertThatThrownBy(() -> ViewsHarness.await(answer)).hasRootCauseMessage("a bug");
    }
  }
}
