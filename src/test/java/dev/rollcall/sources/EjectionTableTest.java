package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What becomes of 300 requests, 10 at once, to a source with three URLs of which the first fails
 * and the second is slow: how many fail, and where they go. The table in the documents is what this
 * shows.
 */
@Tag("slow")
class EjectionTableTest {

  private static final int REQUESTS = 300;
  private static final int AT_ONCE = 10;
  private static final int FAILURES = 5;
  private static final long SLOW_MILLIS = 60;
  private static final Caller CALLER = new Caller("request-1", TraceContext.NONE);

  private final Vertx vertx = Vertx.vertx();
  private final List<AtomicInteger> counts = new ArrayList<>();

  private record Row(int failed, int broken, int slow, int good) {}

  private String url(Consumer<HttpServerRequest> answer) {
    AtomicInteger count = new AtomicInteger();
    counts.add(count);
    var server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  count.incrementAndGet();
                  answer.accept(request);
                })
            .listen(0, "127.0.0.1");
    return "http://127.0.0.1:" + ViewsHarness.await(server).actualPort() + "/{id}";
  }

  private static void broken(HttpServerRequest request) {
    request.response().setStatusCode(500).end();
  }

  private static void good(HttpServerRequest request) {
    request.response().putHeader("content-type", "application/json").end("true");
  }

  private void slow(HttpServerRequest request) {
    vertx.setTimer(SLOW_MILLIS, late -> good(request));
  }

  @AfterEach
  void close() {
    ViewsHarness.await(vertx.close());
  }

  private Row row(String balance, boolean eject, int retries) {
    counts.clear();
    String urls = url(EjectionTableTest::broken) + "," + url(this::slow);
    return row(urls + "," + url(EjectionTableTest::good), balance, eject, retries);
  }

  private Row row(String urls, String balance, boolean eject, int retries) {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.http=" + urls,
            "sources.a.balance=" + balance,
            "sources.a.eject.failures=" + (eject ? FAILURES : 0),
            "sources.a.eject.time=1h",
            "sources.a.retries=" + retries,
            "sources.a.timeout=10s",
            "sources.a.breaker.failures=0",
            "views.v.sources=a",
            "views.v.deadline=20s")) {
      AtomicInteger next = new AtomicInteger();
      AtomicInteger failed = new AtomicInteger();
      Context loop = harness.loops(1).get(0);
      List<Future<Void>> all =
          IntStream.range(0, AT_ONCE)
              .mapToObj(
                  i -> {
                    Promise<Void> done = Promise.promise();
                    loop.runOnContext(turn -> ask(harness, next, failed, done));
                    return done.future();
                  })
              .toList();
      ViewsHarness.await(Future.all(all));
      Row row =
          new Row(failed.get(), counts.get(0).get(), counts.get(1).get(), counts.get(2).get());
      System.out.printf(
          Locale.ROOT,
          "| `%s` | %s | %d | %d | %d, %d, %d |%n",
          balance,
          eject ? FAILURES : "none",
          retries,
          row.failed,
          row.broken,
          row.slow,
          row.good);
      return row;
    }
  }

  private static void ask(
      ViewsHarness harness, AtomicInteger next, AtomicInteger failed, Promise<Void> done) {
    int id = next.incrementAndGet();
    if (id > REQUESTS) {
      done.complete();
      return;
    }
    SourceQuery query = new SourceQuery(id, Map.of(), Map.of("id", Integer.toString(id)), CALLER);
    harness
        .source("a")
        .fetch(query, Deadline.in(Duration.ofSeconds(20)), Loop.current(harness.vertx))
        .answer()
        .onSuccess(
            outcome -> {
              failed.addAndGet(outcome.reply().status() == SourceStatus.OK ? 0 : 1);
              ask(harness, next, failed, done);
            });
  }

  @Test
  void aUrlThatFailsCostsWhatIsUnderWayUntilItIsLeftOut() {
    // Those that were under way when it was left out may fail as well.
    int most = FAILURES + AT_ONCE;
    Row first = row("first", false, 0);
    assertThat(first).isEqualTo(new Row(REQUESTS, REQUESTS, 0, 0));
    Row firstEjecting = row("first", true, 0);
    assertThat(firstEjecting.failed).isBetween(FAILURES, most);
    assertThat(firstEjecting.slow).isEqualTo(REQUESTS - firstEjecting.failed);
    Row turns = row("roundRobin", false, 0);
    assertThat(turns).isEqualTo(new Row(REQUESTS / 3, REQUESTS / 3, REQUESTS / 3, REQUESTS / 3));
    Row turnsEjecting = row("roundRobin", true, 0);
    assertThat(turnsEjecting.failed).isBetween(FAILURES, most);
    assertThat(Math.abs(turnsEjecting.slow - turnsEjecting.good)).isLessThanOrEqualTo(most);
    // What fails at once is never busy, and so gets most.
    Row leastBusy = row("leastBusy", false, 0);
    assertThat(leastBusy.failed).isGreaterThan(REQUESTS / 4);
    assertThat(leastBusy.slow).isLessThan(REQUESTS / 4);
    Row leastBusyEjecting = row("leastBusy", true, 0);
    assertThat(leastBusyEjecting.failed).isBetween(FAILURES, most);
    assertThat(leastBusyEjecting.good).isGreaterThan(2 * leastBusyEjecting.slow);
  }

  @Test
  void withARetryAtAnotherUrlNothingFailsWhileItsBudgetLasts() {
    Row row = row("roundRobin", true, 1);
    assertThat(row.failed).isLessThanOrEqualTo(AT_ONCE);
    assertThat(row.broken).isBetween(FAILURES, FAILURES + AT_ONCE);
  }

  @Test
  void theLastUrlIsAskedThoughItFails() {
    String urls = url(EjectionTableTest::broken) + "," + url(EjectionTableTest::broken);
    url(EjectionTableTest::good);
    Row row = row(urls, "roundRobin", true, 0);
    assertThat(row.failed).isEqualTo(REQUESTS);
    assertThat(row.broken + row.slow).isEqualTo(REQUESTS);
    assertThat(Math.max(row.broken, row.slow)).isGreaterThan(REQUESTS - FAILURES - AT_ONCE - 1);
  }
}
