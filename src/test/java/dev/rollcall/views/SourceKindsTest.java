package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.http.Upstream;
import dev.rollcall.sources.http.UpstreamExchange;
import dev.rollcall.views.SourceKind.Way;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The {@link MatrixTest} again, for sources whose answers are selected, kept or stale, that are
 * asked with the caller's headers or with a token, that get no token, or whose limit finds itself.
 * All cells are fetched at once, each row from sources of its own, of which every second speaks
 * HTTP/2.
 */
@Tag("slow")
class SourceKindsTest {
  private static final int X_TIMEOUT = 2500;
  private static final int DEADLINE = 10_000;

  /** Longer than a source on a busy machine takes to end in its way. */
  private static final int LATER = 2000;

  private static final String UNBROKEN = "breaker.failures=0";

  /** The last number of a path. */
  private static final Pattern USER = Pattern.compile("(\\d+)(%5D)?$");

  private static final int CELLS = 2 * Mode.values().length;

  private static final List<Way> WAYS =
      List.of(
          new Way("ok", "/ok/{id}", SourceStatus.OK, false),
          new Way("slow", "/slow/50/{id}", SourceStatus.OK, false),
          new Way("timeout", "/slow/60000/{id}", SourceStatus.TIMEOUT, true, UNBROKEN),
          new Way("half a body", "/drip/60000/{id}", SourceStatus.TIMEOUT, true, UNBROKEN),
          new Way("reset midway", "/cut/{id}", SourceStatus.FAILED, true, UNBROKEN),
          new Way("401", "/status/401/{id}", SourceStatus.FAILED, false, UNBROKEN),
          new Way("404", "/status/404/{id}", SourceStatus.ABSENT, false, UNBROKEN),
          new Way("500", "/status/500/{id}", SourceStatus.FAILED, true, UNBROKEN),
          new Way("302", "/redirect/{id}", SourceStatus.FAILED, false, UNBROKEN),
          new Way("wrong type", "/type/text%2Fhtml/{id}", SourceStatus.FAILED, false, UNBROKEN),
          new Way(
              "invalid JSON", "/text?%5B1,nonsense,{id}%5D", SourceStatus.FAILED, false, UNBROKEN),
          new Way("large body", "/sized/3000000/{id}", SourceStatus.FAILED, false, UNBROKEN),
          new Way(
              "breaker open",
              "/status/500/{id}",
              SourceStatus.REFUSED,
              true,
              "breaker.failures=1",
              "breaker.openFor=10m"),
          new Way(
              "limit reached",
              "/slow/60000/{id}",
              SourceStatus.REFUSED,
              true,
              UNBROKEN,
              "inFlight=1",
              "waiting=0"));

  private static List<String> sets(SecondSource second, Upstream steady) {
    String path =
        switch (second) {
          case AT_ONCE -> "/ok/{id}";
          case LATER -> "/slow/" + LATER + "/{id}";
          case NEVER -> "/slow/60000/{id}";
        };
    return List.of(
        "sources." + second.source() + ".http=" + steady.url(path),
        "sources." + second.source() + ".http2=true",
        "sources." + second.source() + ".inFlight=1000",
        "sources." + second.source() + ".timeout=9s");
  }

  /** One source of one kind that ends in one way; its number is part of all its names. */
  private record Row(int number, SourceKind kind, Way way) {
    List<String> sets(Upstream upstream) {
      List<String> sets = new ArrayList<>();
      kind.settings(upstream, way, number)
          .forEach(set -> sets.add("sources.x" + number + "." + set));
      sets.add("sources.x" + number + ".timeout=" + X_TIMEOUT + "ms");
      sets.add("sources.x" + number + ".http2=" + (number % 2 == 0));
      for (Mode mode : Mode.values()) {
        for (boolean required : List.of(false, true)) {
          Cell cell = new Cell(kind.ending(way), mode, required);
          SecondSource second = SecondSource.of(cell);
          String view = "views." + cell.view() + second + number;
          sets.add(view + ".sources=x" + number + "," + second.source());
          sets.add(view + ".modes=all,any,race,sequential");
          sets.add(view + ".deadline=" + DEADLINE + "ms");
          sets.add(view + ".required=" + (required ? "x" + number : ""));
        }
      }
      sets.add("views.before" + number + ".sources=x" + number);
      sets.add("views.before" + number + ".deadline=" + DEADLINE + "ms");
      return sets;
    }

    /** One for what comes before; those of the cells follow. */
    int firstUser() {
      return 1 + number * (CELLS + 1);
    }

    /** Fetches what is to be kept, one after the other since one at a time may be allowed. */
    Future<ViewAnswer> prime(ViewsHarness harness) {
      Future<ViewAnswer> done = Future.succeededFuture();
      for (int n = 0; kind.isPrimed() && n <= CELLS; n++) {
        int user = firstUser() + n;
        done = done.compose(before -> before(harness, user, new Cancellation()));
      }
      // What opens the breaker, where there is one.
      return way.isRefused() && way.path().startsWith("/status")
          ? done.compose(primed -> before(harness, firstUser(), new Cancellation()))
          : done;
    }

    Future<ViewAnswer> before(ViewsHarness harness, int user, Cancellation client) {
      return harness.begin("before" + number, null, user, client);
    }
  }

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (SourceKind kind : SourceKind.values()) {
      WAYS.stream().filter(kind::has).forEach(way -> rows.add(new Row(rows.size(), kind, way)));
    }
    return rows;
  }

  @Test
  void everyModeMakesOfEachKindWhatItShouldAndNothingIsLeft() {
    List<Row> rows = rows();
    try (Upstream upstream = Upstream.start();
        Upstream steady = Upstream.start()) {
      List<String> sets = new ArrayList<>(List.of("deploy.sources=1"));
      for (SecondSource second : SecondSource.values()) {
        sets.addAll(sets(second, steady));
      }
      rows.forEach(row -> sets.addAll(row.sets(upstream)));
      try (ViewsHarness harness = new ViewsHarness(sets.toArray(String[]::new))) {
        Leaks leaks = new Leaks(harness.vertx);
        rows.stream().map(row -> row.prime(harness)).toList().forEach(ViewsHarness::await);
        Cancellation client = new Cancellation();
        Map<Cell, Future<ViewAnswer>> answers = new LinkedHashMap<>();
        for (Row row : rows) {
          occupy(row, harness, client);
          fetchAll(row, harness, answers);
        }
        SoftAssertions all = new SoftAssertions();
        answers.forEach(
            (cell, answer) ->
                all.assertThatCode(() -> cell.check(ViewsHarness.await(answer)))
                    .doesNotThrowAnyException());
        client.cancel();
        all.assertAll();
        upstream.awaitNoneOpen();
        steady.awaitNoneOpen();
        await().untilAsserted(harness::assertNothingUnderWay);
        leaks.awaitNone(Duration.ofSeconds(8));
        assertCredentials(rows, upstream);
      }
      upstream.await(() -> upstream.connections() == 0);
      steady.await(() -> steady.connections() == 0);
    }
  }

  /** Has a source that may be asked once at a time be asked. */
  private static void occupy(Row row, ViewsHarness harness, Cancellation client) {
    if (row.way().name().equals("limit reached")) {
      var unused = row.before(harness, row.firstUser(), client);
      await().until(() -> harness.meter("in.flight", "x" + row.number()) == 1);
    }
  }

  private static void fetchAll(
      Row row, ViewsHarness harness, Map<Cell, Future<ViewAnswer>> answers) {
    int user = row.firstUser() + 1;
    List<Future<ViewAnswer>> begun = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      for (boolean required : List.of(false, true)) {
        Cell cell = new Cell(row.kind().ending(row.way()), mode, required);
        begun.add(
            harness.begin(
                cell.view() + SecondSource.of(cell) + row.number(),
                View.json(mode),
                user++,
                new Cancellation()));
        answers.put(cell, begun.get(begun.size() - 1));
      }
    }
    // All rows at once would be more connections than wait to be accepted.
    ViewsHarness.await(Future.any(begun));
  }

  /** Each source got what is meant for it: the caller's credentials, a token, or nothing. */
  private static void assertCredentials(List<Row> rows, Upstream upstream) {
    for (UpstreamExchange exchange : upstream.exchanges()) {
      String authorization = String.valueOf(exchange.headers().get("authorization"));
      if (authorization.startsWith("Basic ")) {
        continue; // This is a token endpoint, of which no user's number tells the row.
      }
      if (exchange.path().equals("*")) {
        // What a connection is given back with has no headers at all.
        assertThat(authorization).isEqualTo("null");
        continue;
      }
      Matcher user = USER.matcher(exchange.path());
      assertThat(user.find()).as(exchange.path()).isTrue();
      Row row = rows.get((Integer.parseInt(user.group(1)) - 1) / (CELLS + 1));
      assertThat(authorization).as("%s", row).isEqualTo(row.kind().authorization());
    }
  }
}
