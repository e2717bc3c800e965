package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Deadline;
import dev.rollcall.views.ViewsHarness;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Callers with different credentials ask for the same users at once: with sharing, hedges, retries,
 * answers that are kept and stale ones, failures, and cancelling at random. Nobody ever gets what
 * was asked with the headers of another.
 *
 * <p>{@code -Dfetches=10000} has more of them.
 */
class LeaksBetweenCallersTest {
  private static final int FETCHES = Integer.getInteger("fetches", 2000);
  private static final List<@Nullable String> TOKENS =
      Arrays.asList("Bearer a", "Bearer b", "Bearer c", null);
  private static final List<@Nullable String> LANGUAGES = Arrays.asList("de", null);

  /** What answers say of themselves, where that counts. */
  private static final List<String> KEEPING =
      List.of("max-age=1", "public, max-age=1", "private, max-age=1", "no-store", "no-cache");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private final Random upstream = new Random(5);

  private final HttpServer server =
      ViewsHarness.await(
          vertx
              .createHttpServer(
                  new HttpServerOptions().setHttp2RstFloodMaxRstFramePerWindow(100_000))
              .requestHandler(this::answer)
              .listen(0, "127.0.0.1"));

  @AfterEach
  void close() {
    ViewsHarness.await(vertx.close());
  }

  /** Answers with what was sent, soon or later, or fails. */
  private void answer(HttpServerRequest request) {
    asked.incrementAndGet();
    JsonObject sent =
        new JsonObject()
            .put("path", request.path())
            .put("token", request.getHeader("authorization"))
            .put("language", request.getHeader("accept-language"));
    int fate = upstream.nextInt(20);
    vertx.setTimer(
        1L + upstream.nextInt(5),
        later -> {
          request.response().putHeader("content-type", "application/json");
          if (fate == 0) {
            request.response().setStatusCode(503).end(sent.encode());
          } else if (fate == 1) {
            request.response().reset();
          } else if (fate < 8 && request.getHeader("if-none-match") != null) {
            request.response().setStatusCode(304).end();
          } else {
            request.response().putHeader("set-cookie", "a=" + sent.getString("token"));
            request.response().putHeader("cache-control", KEEPING.get(fate % KEEPING.size()));
            request.response().putHeader("vary", "accept-language");
            request.response().putHeader("etag", "\"of-all\"");
            request.response().end(sent.encode());
          }
        });
  }

  /** What one fetch was asked with, and what it is to get. */
  private record Asked(long id, @Nullable String token, @Nullable String language) {
    SourceQuery query() {
      Map<String, String> headers = new HashMap<>();
      if (token != null) {
        headers.put("authorization", token);
      }
      if (language != null) {
        headers.put("accept-language", language);
      }
      Caller caller = new Caller("r", TraceContext.NONE, null, headers::get);
      return new SourceQuery(id, Map.of(), Map.of("id", Long.toString(id)), caller);
    }

    /** Whether there was an answer; a failure says nothing of anybody. */
    boolean check(Fetch.Outcome outcome) {
      if (outcome.reply().value() == null) {
        assertThat(String.valueOf(outcome.reply().detail())).doesNotContain("Bearer");
        return false;
      }
      JsonObject sent = new JsonObject(outcome.reply().value());
      assertThat(sent.getString("token")).isEqualTo(token);
      assertThat(sent.getString("language")).isEqualTo(language);
      assertThat(sent.getString("path")).isEqualTo("/" + id);
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({"http2=false,maxAge=100ms", "http2=true,maxAge=100ms", "http2=true,cache=http"})
  void nobodyGetsWhatWasAskedWithTheHeadersOfAnother(String protocol, String keeping) {
    try (ViewsHarness harness =
        new ViewsHarness(
            "sources.a.http=http://127.0.0.1:" + server.actualPort() + "/{id}",
            "sources.a." + protocol,
            "sources.a.forward=authorization,accept-language",
            "sources.a.fields.token=token",
            "sources.a.fields.language=language",
            "sources.a.fields.path=path",
            "sources.a." + keeping,
            "sources.a.staleWhileRevalidate=100ms",
            "sources.a.staleIfError=1s",
            "sources.a.retries=1",
            "sources.a.hedgeAfter=2ms",
            "sources.a.breaker.failures=0",
            "sources.a.inFlight=20",
            "sources.a.waiting=10000",
            "sources.a.timeout=15s",
            "views.v.sources=a",
            "views.v.deadline=40s")) {
      List<Context> loops = harness.loops(ViewsHarness.LOOPS);
      Random choice = new Random(21);
      assertThat(answered(harness, loops, choice, FETCHES)).isGreaterThan(FETCHES / 2);
      assertThat(harness.meter("joined", "a")).isPositive();
      // Now there are answers that are kept, some of which are stale.
      assertThat(answered(harness, loops, choice, FETCHES)).isGreaterThan(FETCHES / 2);
      assertThat(harness.meter("cached", "a")).isPositive();
      assertThat(asked.get()).isLessThan(FETCHES);
    }
  }

  /** How many of so many fetches, all begun at once, got an answer. */
  private static long answered(
      ViewsHarness harness, List<Context> loops, Random choice, int fetches) {
    List<Future<Boolean>> checks = new ArrayList<>();
    for (int i = 0; i < fetches; i++) {
      Asked what =
          new Asked(
              1L + choice.nextInt(10),
              TOKENS.get(choice.nextInt(TOKENS.size())),
              LANGUAGES.get(choice.nextInt(LANGUAGES.size())));
      // Every fourth is cancelled, at once or after some milliseconds.
      int cancelled = choice.nextInt(4) == 0 ? choice.nextInt(8) : -1;
      checks.add(fetch(harness, loops.get(choice.nextInt(loops.size())), what, cancelled));
    }
    return checks.stream().filter(ViewsHarness::await).count();
  }

  /** Whether it got an answer, which is checked. */
  private static Future<Boolean> fetch(
      ViewsHarness harness, Context loop, Asked what, int cancelled) {
    Promise<Boolean> checked = Promise.promise();
    loop.runOnContext(
        turn -> {
          Fetch fetch =
              harness
                  .source("a")
                  .fetch(
                      what.query(),
                      Deadline.in(Duration.ofSeconds(18)),
                      Loop.current(harness.vertx));
          fetch.answer().map(what::check).onComplete(checked::tryComplete, checked::tryFail);
          if (cancelled == 0) {
            fetch.cancel();
            checked.tryComplete(false);
          } else if (cancelled > 0) {
            harness.vertx.setTimer(
                cancelled,
                late -> {
                  fetch.cancel();
                  checked.tryComplete(false);
                });
          }
        });
    return checked.future();
  }
}
