package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.http.Upstream;
import dev.rollcall.sources.http.UpstreamExchange;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is no longer wanted is cancelled, seen from the other side: the upstream's exchange ends
 * early, and soon after its cause. Over HTTP/1.1 that is a closed connection, over HTTP/2 a reset
 * stream.
 *
 * <p>The source {@code x} would take a minute; what {@code y} does beside it is each cause's own.
 */
class CancellationSeenTest {

  /** What a busy machine may take; on a quiet one it is a few milliseconds. */
  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(500);

  /**
   * Why an exchange is given up.
   *
   * @param x how the source ends then
   */
  private record Cause(String name, String mode, String y, SourceStatus x, List<String> sets) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Cause> CAUSES =
      List.of(
          new Cause("a lost race", "any", "/slow/200/{id}", SourceStatus.CANCELLED, List.of()),
          new Cause(
              "a required source that failed",
              "all",
              "/slow/50000/{id}",
              SourceStatus.CANCELLED,
              List.of("views.v.required=y", "sources.y.timeout=300ms")),
          new Cause(
              "a passed deadline",
              "sequential",
              "/ok/{id}",
              SourceStatus.TIMEOUT,
              List.of(
                  "views.v.deadline=401ms", "sources.x.timeout=400ms", "sources.y.timeout=9ms")),
          new Cause(
              "an attempt that is out of time",
              "all",
              "/ok/{id}",
              SourceStatus.TIMEOUT,
              List.of("sources.x.timeout=300ms")));

  static Stream<Arguments> causes() {
    return CAUSES.stream()
        .flatMap(cause -> Stream.of(Arguments.of(cause, false), Arguments.of(cause, true)));
  }

  static Stream<Arguments> waitedFor() {
    return Stream.of("/slow/60000/{id}", "/drip/60000/{id}", "/endless/{id}")
        .flatMap(x -> Stream.of(Arguments.of(x, false), Arguments.of(x, true)));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void theUpstreamSeesThatItIsGivenUp(Cause cause, boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness =
            harness(upstream, "/slow/60000/{id}", cause.y(), http2, cause.sets())) {
      ViewAnswer answer = harness.fetch("v", cause.mode());
      long now = System.nanoTime();
      assertThat(answer.results().get(0).status()).isEqualTo(cause.x());
      expectGivenUp(upstream, now);
    }
  }

  @ParameterizedTest
  @MethodSource("waitedFor")
  void theUpstreamSeesThatAClientHungUp(String x, boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness = harness(upstream, x, "/ok/{id}", http2, List.of())) {
      Cancellation client = new Cancellation();
      Future<ViewAnswer> answer = harness.begin("v", "all", 42, client);
      upstream.awaitExchanges(2);
      long now = System.nanoTime();
      client.cancel();
      expectGivenUp(upstream, now);
      assertThatThrownBy(() -> ViewsHarness.await(answer)).isInstanceOf(Failure.class);
    }
  }

  private static void expectGivenUp(Upstream upstream, long cause) {
    upstream.awaitNoneOpen();
    UpstreamExchange x =
        upstream.exchanges().stream()
            .filter(exchange -> exchange.path().matches("/(slow/60000|drip|endless)/.*"))
            .findFirst()
            .orElseThrow();
    assertThat(x.ending()).isEqualTo(UpstreamExchange.Ending.GIVEN_UP);
    assertThat(x.ended() - cause).isLessThan(SOON);
  }

  private static ViewsHarness harness(
      Upstream upstream, String x, String y, boolean http2, List<String> further) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "sources.x.http=" + upstream.url(x),
                "sources.x.timeout=4s",
                "sources.x.http2=" + http2,
                "sources.y.http=" + upstream.url(y),
                "sources.y.timeout=4s",
                "sources.y.http2=" + http2,
                "views.v.sources=x,y",
                "views.v.modes=all,any,sequential",
                "views.v.deadline=5s"));
    sets.addAll(further);
    return new ViewsHarness(sets.toArray(String[]::new));
  }
}
