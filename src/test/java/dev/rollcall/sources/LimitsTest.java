package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.limits.AttemptLimits;
import dev.rollcall.sources.limits.Permits.Turn;
import dev.rollcall.views.ViewsHarness;
import io.vertx.core.Context;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How many attempts are under way, how many wait for their turn, and what becomes of the rest. */
class LimitsTest {

  private static final Duration LONG = Duration.ofSeconds(9);

  private static ViewsHarness source(String... more) {
    String[] sets = new String[more.length + 2];
    sets[0] = "sources.a.address=test.a";
    sets[1] = "views.v.sources=a";
    System.arraycopy(more, 0, sets, 2, more.length);
    return new ViewsHarness(sets);
  }

  private static Fetch.Outcome outcome(Fetch fetch) {
    return ViewsHarness.await(fetch.answer());
  }

  private static Fetch ask(ViewsHarness harness, long id) {
    return harness.ask(harness.vertx.getOrCreateContext(), "a", id, LONG);
  }

  @Test
  void theFirstToComeIsTheFirstToGo() {
    try (ViewsHarness harness = source("sources.a.inFlight=2", "sources.a.waiting=3")) {
      Owner owner = harness.owner("test.a");
      List<Fetch> fetches = new ArrayList<>();
      for (int id = 1; id <= 6; id++) {
        fetches.add(ask(harness, id));
      }
      SourceReply refused = outcome(fetches.get(5)).reply();
      assertThat(refused).isEqualTo(SourceReply.refused("in-flight limit reached"));
      assertThat(outcome(fetches.get(5)).attempts()).isZero();
      assertThat(harness.meter("in.flight", "a")).isEqualTo(2);
      assertThat(harness.meter("waiting", "a")).isEqualTo(3);
      for (long id = 1; id <= 5; id++) {
        Message<JsonObject> asked = owner.next();
        assertThat(asked.body().getLong("id")).isEqualTo(id);
        assertThat(harness.meter("in.flight", "a")).isLessThanOrEqualTo(2);
        asked.reply(id);
      }
      assertThat(fetches.subList(0, 5))
          .allMatch(fetch -> outcome(fetch).reply().status() == SourceStatus.OK);
    }
  }

  @Test
  void whoWaitsAsLongAsAnAttemptMayTakeIsRefused() {
    try (ViewsHarness harness = source("sources.a.inFlight=1", "sources.a.timeout=200ms")) {
      Owner owner = harness.owner("test.a");
      AttemptLimits permits = harness.source("a").permits();
      assertThat(permits.take(0, () -> {})).isEqualTo(Turn.NOW);
      Fetch.Outcome refused = outcome(ask(harness, 1));
      assertThat(refused.attempts()).isZero();
      assertThat(refused.reply().status()).isEqualTo(SourceStatus.REFUSED);
      assertThat(refused.reply().detail())
          .matches("in-flight limit reached, and no turn within \\d+ ms");
      assertThat(owner.count()).isZero();
      permits.release(0);
    }
  }

  @Test
  void aTurnThatIsOnItsWayToWhoHasLeftComesBack() {
    try (ViewsHarness harness = source("sources.a.inFlight=1", "sources.a.waiting=2")) {
      Owner owner = harness.owner("test.a");
      List<Context> loops = harness.loops(2);
      SourceClient client = harness.source("a");
      Fetch first = harness.ask(loops.get(0), "a", 1, LONG);
      Message<JsonObject> asked = owner.next();
      Fetch second = harness.ask(loops.get(1), "a", 2, LONG);
      Fetch third = harness.ask(loops.get(0), "a", 3, LONG);
      // The second one's event loop is busy until it has left and the permit is on its way to it.
      CountDownLatch busy = new CountDownLatch(1);
      loops.get(1).runOnContext(turn -> awaits(busy));
      second.cancel();
      asked.reply(1);
      Awaitility.await().until(() -> client.permits().waiting() == 1);
      busy.countDown();
      assertThat(outcome(first).reply().status()).isEqualTo(SourceStatus.OK);
      owner.next().reply(3);
      assertThat(outcome(third).reply().value()).hasToString("3");
      assertThat(owner.count()).isEqualTo(2);
    }
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoLeavesWhileItWaitsMakesRoomForAnother() {
    try (ViewsHarness harness = source("sources.a.inFlight=1", "sources.a.waiting=1")) {
      Owner owner = harness.owner("test.a");
      Fetch first = ask(harness, 1);
      ask(harness, 2).cancel();
      Awaitility.await().until(() -> harness.source("a").permits().waiting() == 0);
      Fetch third = ask(harness, 3);
      owner.next().reply(1);
      owner.next().reply(3);
      assertThat(outcome(first).reply().value()).hasToString("1");
      assertThat(outcome(third).reply().value()).hasToString("3");
    }
  }

  @Test
  void noHedgeIsMadeForWhoStillWaitsForItsTurn() {
    try (ViewsHarness harness = source("sources.a.inFlight=1", "sources.a.hedgeAfter=20ms")) {
      Owner owner = harness.owner("test.a");
      Fetch first = ask(harness, 1);
      Message<JsonObject> asked = owner.next();
      Fetch second = ask(harness, 2);
      // Long after hedges were due: the first one's waits for its turn, the second has none.
      harness.vertx.setTimer(300, later -> asked.reply(1));
      assertThat(outcome(first).attempts()).isEqualTo(1);
      owner.next().reply(2);
      assertThat(outcome(second).attempts()).isEqualTo(1);
      assertThat(owner.count()).isEqualTo(2);
    }
  }
}
