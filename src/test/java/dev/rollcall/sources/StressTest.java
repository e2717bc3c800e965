package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Four event loops ask one source the same few questions at once, wait, leave and come again. */
@Tag("slow")
class StressTest {

  private static final int ROUNDS = 3000;

  private final AtomicInteger answered = new AtomicInteger();

  @Test
  void everyFetchLandsOrIsCancelledAndNothingIsLeft() {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.address=test.a",
            "sources.a.inFlight=2",
            "sources.a.waiting=2",
            "sources.a.breaker.failures=0",
            "views.v.sources=a")) {
      SourceClient client = harness.source("a");
      AtomicInteger most = new AtomicInteger();
      for (Context loop : harness.loops(ViewsHarness.LOOPS)) {
        // An owner on each event loop, so that replies come from all of them.
        loop.runOnContext(
            turn ->
                harness.own(
                    "test.a",
                    message -> {
                      most.accumulateAndGet(client.permits().taken(), Math::max);
                      message.reply(message.body().getLong("id"));
                    }));
      }
      List<Future<Integer>> loops = new ArrayList<>();
      int seed = 0;
      for (Context loop : harness.loops(ViewsHarness.LOOPS)) {
        Random random = new Random(seed++);
        Promise<Integer> done = Promise.promise();
        loops.add(done.future());
        loop.runOnContext(turn -> next(harness, client, random, ROUNDS, done));
      }
      ViewsHarness.await(Future.all(loops));
      assertThat(answered).hasValueGreaterThan(ROUNDS);
      assertThat(most).hasValueLessThanOrEqualTo(2);
    }
  }

  /** One fetch after the other: each is waited for, or left behind at once, or a little later. */
  private void next(
      ViewsHarness harness, SourceClient client, Random random, int left, Promise<Integer> done) {
    if (left == 0) {
      done.complete(0);
      return;
    }
    long id = 1L + random.nextInt(3);
    SourceQuery query =
        new SourceQuery(id, Map.of(), Map.of(), new Caller("request-1", TraceContext.NONE));
    Deadline deadline = Deadline.in(Duration.ofSeconds(15));
    Loop loop = Loop.current(harness.vertx);
    Fetch fetch = client.fetch(query, deadline, loop);
    Runnable goOn = () -> next(harness, client, random, left - 1, done);
    switch (random.nextInt(3)) {
      case 0 -> {
        fetch.cancel();
        loop.later(goOn);
      }
      case 1 -> loop.later(() -> loop.later(() -> cancelled(fetch, goOn)));
      default ->
          fetch
              .answer()
              .onComplete(
                  outcome -> {
                    check(outcome.result(), id);
                    loop.later(goOn);
                  });
    }
  }

  private static void cancelled(Fetch fetch, Runnable goOn) {
    fetch.cancel();
    goOn.run();
  }

  private void check(Fetch.Outcome outcome, long id) {
    if (outcome.reply().status() == SourceStatus.OK) {
      answered.incrementAndGet();
      assertThat(outcome.reply().value()).hasToString(Long.toString(id));
    } else {
      assertThat(outcome.reply().status()).isEqualTo(SourceStatus.REFUSED);
    }
  }

  @Test
  void fourEventLoopsThatBeginAtTheSameMomentAskOnce() throws Exception {
    try (ViewsHarness harness = new ViewsHarness("sources.a.address=test.a", "views.v.sources=a")) {
      Owner owner = harness.owner("test.a");
      SourceClient client = harness.source("a");
      List<Context> contexts = harness.loops(ViewsHarness.LOOPS);
      for (int round = 1; round <= 300; round++) {
        SourceQuery query =
            new SourceQuery(round, Map.of(), Map.of(), new Caller("request-1", TraceContext.NONE));
        AtomicInteger ready = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(contexts.size());
        List<Future<Fetch.Outcome>> answers = new ArrayList<>();
        for (Context context : contexts) {
          Promise<Fetch.Outcome> answer = Promise.promise();
          answers.add(answer.future());
          context.runOnContext(
              turn -> {
                Deadline deadline = Deadline.in(Duration.ofSeconds(15));
                Loop loop = Loop.current(harness.vertx);
                awaitOthers(ready);
                client.fetch(query, deadline, loop).answer().onComplete(answer);
                begun.countDown();
              });
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        owner.next().reply("for all");
        ViewsHarness.await(Future.all(answers));
        assertThat(owner.count()).isEqualTo(round);
      }
    }
  }

  /** Spins until the other event loops are there as well, since waking up takes too long. */
  private static void awaitOthers(AtomicInteger ready) {
    ready.incrementAndGet();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (ready.get() < ViewsHarness.LOOPS && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
