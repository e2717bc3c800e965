package dev.rollcall.sources.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.Loop;
import dev.rollcall.sources.SourceClient;
import dev.rollcall.sources.SourceQuery;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.TraceContext;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A source over HTTP whose capacity falls from 200 places to 20 and back, under three times its
 * load, beside another one that is well: with an adaptive limit, and with one of 100.
 *
 * <p>What the documents say of it is shown and asserted with {@code
 * -Drollcall.adaptive.seconds=20}, for so long in each part, on a machine that does nothing else.
 */
@Tag("slow")
class AdaptiveDrillTest {

  private static final String PROPERTY = "rollcall.adaptive.seconds";
  private static final int SECONDS = Integer.getInteger(PROPERTY, 20);
  private static final int MILLIS = 100;
  private static final int PLACES = 200;
  private static final int FEWER = 20;
  private static final int PER_MILLI = 3 * PLACES / MILLIS;
  private static final Caller CALLER = new Caller("request-1", TraceContext.NONE);

  private final AtomicLong ids = new AtomicLong();

  /** What the others took, in microseconds, and how many answers there were in time. */
  private final AtomicLong answers = new AtomicLong();

  private final AtomicLong others = new AtomicLong();
  private final long[] took = new long[100_000];

  /** What one part has shown. */
  private record Part(double useful, List<Integer> limits, double p99) {
    /** After how many tenths of a second the limit was there; its middle from then on. */
    int follows(int places) {
      return IntStream.range(0, limits.size())
          .filter(i -> limits.get(i) >= places / 2 && limits.get(i) <= places * 2)
          .findFirst()
          .orElse(limits.size());
    }

    int middle() {
      List<Integer> later = limits.stream().skip(limits.size() / 4).sorted().toList();
      return later.get(later.size() / 2);
    }
  }

  @Test
  void aLimitFollowsTheCapacity() {
    try (PlacesServer changing = new PlacesServer(PLACES, MILLIS);
        PlacesServer well = new PlacesServer(PLACES, MILLIS);
        ViewsHarness harness = harness("adaptive", changing, well)) {
      long load = load(harness);
      Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> limit(harness) > 120);
      changing.places(FEWER);
      Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> limit(harness) < 60);
      harness.vertx.cancelTimer(load);
      assertThat(limitMeter(harness, "limit.refused").functionCounter().count()).isPositive();
      assertThat(limitMeter(harness, "limit.taken").gauge().value()).isBetween(0.0, 1000.0);
    }
  }

  private static RequiredSearch limitMeter(ViewsHarness harness, String name) {
    return harness.registry.get("rollcall.source." + name).tags("source", "changing", "url", "0");
  }

  private static int limit(ViewsHarness harness) {
    return (int) limitMeter(harness, "limit").gauge().value();
  }

  @Test
  @EnabledIfSystemProperty(named = PROPERTY, matches = "[0-9]+")
  void theOthersDoNotNoticeAndNothingIsLost() {
    Part[] adaptive = drill("adaptive");
    Part[] fixed = drill("100");
    for (int i = 1; i < adaptive.length; i++) {
      int places = i == 2 ? FEWER : PLACES;
      assertThat(adaptive[i].useful()).as("useful in part %s", i).isGreaterThan(0.8);
      assertThat(adaptive[i].follows(places)).as("tenths of part %s", i).isLessThan(50);
      assertThat(adaptive[i].p99()).as("others in %s", i).isLessThan(adaptive[0].p99() * 1.2);
    }
    assertThat(fixed[1].useful()).isLessThan(0.6);
  }

  private Part[] drill(String inFlight) {
    try (PlacesServer changing = new PlacesServer(PLACES, MILLIS);
        PlacesServer well = new PlacesServer(1000, MILLIS);
        ViewsHarness harness = harness(inFlight, changing, well)) {
      Context loop = harness.loops(1).get(0);
      long timer =
          harness.vertx.setPeriodic(5, turn -> loop.runOnContext(t -> ask(harness, "well")));
      part(harness, "warm", PLACES, 3);
      Part[] parts = new Part[4];
      parts[0] = part(harness, "others alone", PLACES, SECONDS);
      long load = load(harness);
      parts[1] = part(harness, "200 places", PLACES, SECONDS);
      changing.places(FEWER);
      parts[2] = part(harness, "20 places", FEWER, SECONDS);
      changing.places(PLACES);
      parts[3] = part(harness, "200 places", PLACES, SECONDS);
      harness.vertx.cancelTimer(load);
      harness.vertx.cancelTimer(timer);
      for (int i = 0; i < parts.length; i++) {
        show(inFlight, i, parts[i]);
      }
      return parts;
    }
  }

  private static ViewsHarness harness(String inFlight, PlacesServer changing, PlacesServer well) {
    return new ViewsHarness(
        "sources.changing.http=" + changing.url(),
        "sources.changing.inFlight=" + inFlight,
        "sources.changing.breaker.failures=0",
        "sources.well.http=" + well.url(),
        "views.v.sources=changing,well");
  }

  private static void show(String inFlight, int i, Part part) {
    System.out.printf(
        Locale.ROOT,
        "inFlight %s, part %d: %3.0f %% useful, limit %d after %.1f s, others' p99 %.1f ms%n",
        inFlight,
        i,
        100 * part.useful(),
        part.middle(),
        part.follows(i == 2 ? FEWER : PLACES) / 10.0,
        part.p99());
  }

  /** Three times what the source can do, from an event loop of its own. */
  private long load(ViewsHarness harness) {
    Context loop = harness.loops(2).get(1);
    long began = System.nanoTime();
    AtomicLong asked = new AtomicLong();
    return harness.vertx.setPeriodic(
        1,
        turn ->
            loop.runOnContext(
                here -> {
                  long due = (System.nanoTime() - began) / SimulatedSource.MILLI * PER_MILLI;
                  // What a pause of the machine has left is not made up for at once.
                  for (int i = 0; i < 10 * PER_MILLI && asked.get() < due; i++) {
                    asked.incrementAndGet();
                    ask(harness, "changing");
                  }
                  asked.set(due);
                }));
  }

  private void ask(ViewsHarness harness, String source) {
    SourceClient client = harness.source(source);
    long began = System.nanoTime();
    SourceQuery query =
        new SourceQuery(42, Map.of(), Map.of("id", Long.toString(ids.incrementAndGet())), CALLER);
    client
        .fetch(query, Deadline.in(Duration.ofSeconds(2)), Loop.current(harness.vertx))
        .answer()
        .onSuccess(
            outcome -> {
              if (outcome.reply().status() != SourceStatus.OK) {
                return;
              }
              if (source.equals("changing")) {
                answers.incrementAndGet();
              } else {
                int place = (int) others.getAndIncrement();
                took[place] = (System.nanoTime() - began) / 1000;
              }
            });
  }

  private Part part(ViewsHarness harness, String name, int places, int seconds) {
    others.set(0);
    long before = answers.get();
    long began = System.nanoTime();
    List<Integer> limits =
        IntStream.range(0, seconds * 10)
            .mapToObj(tenth -> limitAfterTenth(harness, began, tenth))
            .toList();
    double possible = (double) places / MILLIS * 1000 * seconds;
    long[] sorted = Arrays.copyOf(took, (int) others.get());
    Arrays.sort(sorted);
    double p99 = sorted[(int) (sorted.length * 0.99)] / 1000.0;
    assertThat(sorted.length).as("others in %s", name).isGreaterThan(10 * seconds);
    return new Part((answers.get() - before) / possible, limits, p99);
  }

  private static int limitAfterTenth(ViewsHarness harness, long began, int tenth) {
    long end = began + (tenth + 1) * 100L * SimulatedSource.MILLI;
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return harness.source("changing").settings().inFlight().adaptive() ? limit(harness) : 0;
  }
}
