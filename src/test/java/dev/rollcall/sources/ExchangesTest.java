package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.sources.http.AnswerFault;
import dev.rollcall.sources.http.FaultyUpstream;
import dev.rollcall.sources.http.FaultyUpstream2;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * No answer is ever given to another query than its own, however an exchange ends: with faults of
 * every kind from a seed, with questions that join each other, attempts beside each other and after
 * each other, callers that leave, and answers from memory.
 *
 * <p>{@code -Drollcall.test.exchanges=1000000} makes it as many exchanges, {@code
 * -Drollcall.test.seed=7} takes other faults.
 */
@Tag("slow")
class ExchangesTest {

  private static final long EXCHANGES = Long.getLong("rollcall.test.exchanges", 4000);
  private static final long SEED = Long.getLong("rollcall.test.seed", 1);
  private static final int CALLERS = 12;
  private static final int IDS = 400;

  private final AtomicLong misgiven = new AtomicLong();
  private final LongAdder answered = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final LongAdder left = new LongAdder();

  @Test
  void noAnswerIsGivenToAnotherQuestionOverHttp1(TestReporter reporter) {
    try (FaultyUpstream upstream = FaultyUpstream.seeded(SEED)) {
      run(upstream.url(), false, upstream::questions);
      report(reporter, upstream.questions(), new TreeMap<>(upstream.counts()));
      assertThat(upstream.counts()).containsOnlyKeys(AnswerFault.values());
    }
  }

  @Test
  void noAnswerIsGivenToAnotherQuestionOverHttp2(TestReporter reporter) {
    try (FaultyUpstream2 upstream = FaultyUpstream2.seeded(SEED)) {
      run(upstream.url(), true, upstream::questions);
      report(reporter, upstream.questions(), new TreeMap<>(upstream.counts()));
      assertThat(upstream.counts()).containsOnlyKeys(FaultyUpstream2.Fault.values());
    }
  }

  private void report(TestReporter reporter, long questions, Map<?, LongAdder> counts) {
    reporter.publishEntry(
        Map.of(
            "exchanges", Long.toString(questions),
            "answered", answered.toString(),
            "not answered", unanswered.toString(),
            "left by their callers", left.toString(),
            "misgiven", misgiven.toString(),
            "faults", counts.toString()));
    assertThat(misgiven).hasValue(0);
    assertThat(answered.sum()).isGreaterThan(questions / 4);
  }

  private void run(String url, boolean http2, LongSupplier questions) {
    try (ViewsHarness harness =
        new ViewsHarness(
            Stream.of(
                    "http=" + url,
                    "http2=" + http2,
                    "inFlight=16",
                    "waiting=1000",
                    "timeout=100ms",
                    "retries=2",
                    "hedgeAfter=3ms",
                    "maxAge=5ms",
                    "answerLimit=1KiB",
                    "breaker.failures=0",
                    "views.v.sources=a")
                .map(setting -> setting.startsWith("views") ? setting : "sources.a." + setting)
                .toArray(String[]::new))) {
      List<Future<Void>> callers = new ArrayList<>();
      int seed = 0;
      for (Context loop : harness.loops(ViewsHarness.LOOPS)) {
        for (int i = 0; i < CALLERS; i++) {
          Promise<Void> done = Promise.promise();
          callers.add(done.future());
          Random random = new Random(SEED * 1000 + seed++);
          Asking caller = new Asking(harness, loop, questions, random, done);
          loop.runOnContext(turn -> caller.next());
        }
      }
      try {
        Future.all(callers).await(30 + EXCHANGES / 500, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError("no end", e);
      }
    }
  }

  /** One query after the other, on one event loop. */
  private final class Asking {
    private final ViewsHarness harness;
    private final SourceClient client;
    private final Context context;
    private final LongSupplier questions;
    private final Random random;
    private final Promise<Void> done;

    Asking(
        ViewsHarness harness,
        Context context,
        LongSupplier questions,
        Random random,
        Promise<Void> done) {
      this.harness = harness;
      this.client = harness.source("a");
      this.context = context;
      this.questions = questions;
      this.random = random;
      this.done = done;
    }

    void next() {
      if (questions.getAsLong() >= EXCHANGES) {
        done.complete();
        return;
      }
      long id = 1L + random.nextInt(IDS);
      SourceQuery query =
          new SourceQuery(
              id,
              Map.of(),
              Map.of("id", Long.toString(id)),
              new Caller("request-1", TraceContext.NONE));
      Loop loop = Loop.current(harness.vertx);
      Fetch fetch = client.fetch(query, Deadline.in(Duration.ofMillis(300)), loop);
      if (random.nextInt(20) == 0) {
        harness.vertx.setTimer(
            1L + random.nextInt(4),
            elapsed -> {
              fetch.cancel();
              left.increment();
              context.runOnContext(turn -> next());
            });
        return;
      }
      fetch
          .answer()
          .onSuccess(
              outcome -> {
                check(id, outcome.reply());
                context.runOnContext(turn -> next());
              });
    }

    private void check(long id, SourceReply reply) {
      if (reply.value() == null) {
        unanswered.increment();
      } else if (reply.value().toString().strip().equals(AnswerFault.json(id))) {
        answered.increment();
      } else {
        misgiven.incrementAndGet();
      }
    }
  }
}
