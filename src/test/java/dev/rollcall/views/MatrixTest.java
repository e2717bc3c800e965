package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Owner;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.http.Upstream;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way in which a source may end, in each mode, required or not: the status of the answer,
 * whether it is complete, how each source ended, and that the deadline holds. After that nothing is
 * left: no exchange with an upstream, no timer, no handler, no permit.
 *
 * <p>The eight cells of an ending are fetched at once, each for a user of its own.
 */
@Tag("slow")
class MatrixTest {

  /** Of a source that is to run into it, while the other one answers at once. */
  private static final int SOON = 2500;

  /** Of all others: a busy machine may take seconds until eight upstreams have sent enough. */
  private static final int PATIENT = 9000;

  private static final int DEADLINE = 10_000;

  /** What a busy machine may take beside the deadline. */
  private static final int GRACE = 500;

  /** Where a second source is asked that answers once the first has ended. */
  private static final String SECOND = "test.second";

  private record Taken(ViewAnswer answer, long millis) {}

  static List<Ending> endings() {
    return List.of(
        Ending.http("ok", "/ok/{id}", SourceStatus.OK),
        Ending.http("slow", "/slow/50/{id}", SourceStatus.OK),
        Ending.http("timeout", "/slow/60000/{id}", SourceStatus.TIMEOUT),
        Ending.refusedConnection(),
        Ending.http("reset midway", "/cut/{id}", SourceStatus.FAILED),
        Ending.http("404", "/status/404/{id}", SourceStatus.ABSENT),
        Ending.http("500", "/status/500/{id}", SourceStatus.FAILED),
        Ending.http("302", "/redirect/{id}", SourceStatus.FAILED),
        Ending.http("wrong content type", "/type/text%2Fhtml/{id}", SourceStatus.FAILED),
        Ending.http("invalid JSON", "/text?%5B1,nonsense,{id}%5D", SourceStatus.FAILED),
        Ending.http("truncated JSON", "/text?%7B%22id%22:{id}", SourceStatus.FAILED),
        Ending.http("50 MB body", "/sized/50000000/{id}", SourceStatus.FAILED),
        Ending.http("never-ending body", "/endless/{id}", SourceStatus.TIMEOUT),
        Ending.openBreaker(),
        Ending.limitReached(),
        Ending.noHandler(),
        Ending.bus(
            "handler that never replies",
            harness -> harness.own("test.x", message -> {}),
            SourceStatus.TIMEOUT),
        Ending.bus(
            "handler that throws",
            harness ->
                harness.own(
                    "test.x",
                    message -> {
                      throw new IllegalStateException("a fault of the handler's own");
                    }),
            SourceStatus.TIMEOUT));
  }

  /** The first fetch of a JVM takes as long as loading its classes does. */
  @BeforeAll
  static void warmUp() {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness =
            new ViewsHarness(
                "sources.x.http=" + upstream.url("/ok/{id}"),
                "sources.x.timeout=10s",
                "views.v.sources=x",
                "views.v.deadline=20s")) {
      harness.fetch("v", null);
    }
  }

  @ParameterizedTest
  @MethodSource("endings")
  void everyModeMakesOfItWhatItShould(Ending ending) throws Exception {
    // What x does to its upstream, such as having it write 400 MB, is not to hold up y.
    try (Upstream upstream = Upstream.start();
        Upstream steady = Upstream.start();
        ViewsHarness harness = harness(ending, upstream, steady)) {
      Owner second = harness.owner(SECOND);
      Leaks leaks = new Leaks(harness.vertx);
      Cancellation prepared = ending.prepare().apply(harness);
      Map<Cell, Future<Taken>> answers = fetchAll(ending, harness);
      answerLater(answers.keySet(), second, harness);
      SoftAssertions all = new SoftAssertions();
      answers.forEach(
          (cell, answer) ->
              all.assertThatCode(
                      () -> {
                        Taken taken = ViewsHarness.await(answer);
                        cell.check(taken.answer());
                        assertThat(taken.millis()).as("%s", cell).isLessThan(DEADLINE + GRACE);
                      })
                  .doesNotThrowAnyException());
      prepared.cancel();
      all.assertAll();
      upstream.awaitNoneOpen();
      steady.awaitNoneOpen();
      await()
          .untilAsserted(
              () -> {
                assertThat(harness.meter("in.flight", "x")).isZero();
                assertThat(harness.meter("waiting", "x")).isZero();
                for (SecondSource each : SecondSource.values()) {
                  assertThat(harness.meter("in.flight", each.source())).isZero();
                }
              });
      leaks.awaitNone(Duration.ofSeconds(5));
    }
  }

  private static Map<Cell, Future<Taken>> fetchAll(Ending ending, ViewsHarness harness) {
    Map<Cell, Future<Taken>> answers = new LinkedHashMap<>();
    for (Mode mode : Mode.values()) {
      for (boolean required : List.of(false, true)) {
        Cell cell = new Cell(ending, mode, required);
        int id = 2 + answers.size();
        long begun = System.nanoTime();
        answers.put(
            cell,
            harness
                .begin(view(cell), View.json(mode), id, new Cancellation())
                .map(answer -> new Taken(answer, (System.nanoTime() - begun) / 1_000_000)));
      }
    }
    return answers;
  }

  /** Answers for the second sources that are to wait for the first ones, once these have ended. */
  private static void answerLater(Set<Cell> cells, Owner second, ViewsHarness harness) {
    List<Message<JsonObject>> questions =
        cells.stream()
            .filter(cell -> SecondSource.of(cell) == SecondSource.LATER)
            .map(cell -> second.next())
            .toList();
    if (!questions.isEmpty()) {
      // Both sources of a view are asked in one turn of its event loop, so none is yet to begin.
      await().until(() -> harness.meter("in.flight", "x") == 0);
      questions.forEach(question -> question.reply(new JsonObject()));
    }
  }

  private static String view(Cell cell) {
    return cell.view() + SecondSource.of(cell);
  }

  private static ViewsHarness harness(Ending ending, Upstream upstream, Upstream steady) {
    List<String> sets = new ArrayList<>(ending.settings().apply(upstream));
    sets.add("sources.x.timeout=" + (ending.late() ? SOON : PATIENT) + "ms");
    for (SecondSource second : SecondSource.values()) {
      String source = "sources." + second.source();
      sets.add(
          switch (second) {
            case AT_ONCE -> source + ".http=" + steady.url("/ok/{id}");
            case LATER -> source + ".address=" + SECOND;
            case NEVER -> source + ".http=" + steady.url("/slow/60000/{id}");
          });
      sets.add(source + ".timeout=" + PATIENT + "ms");
      for (String required : List.of("required", "optional")) {
        String view = "views." + required + second;
        sets.add(view + ".sources=x," + second.source());
        sets.add(view + ".modes=all,any,race,sequential");
        sets.add(view + ".deadline=" + DEADLINE + "ms");
        sets.add(view + ".required=" + (required.equals("required") ? "x" : ""));
      }
    }
    sets.add("views.before.sources=x");
    sets.add("views.before.deadline=" + DEADLINE + "ms");
    return new ViewsHarness(sets.toArray(String[]::new));
  }
}
