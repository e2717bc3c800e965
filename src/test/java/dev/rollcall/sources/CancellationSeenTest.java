package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is no longer wanted is cancelled, seen from the other side: the upstream's exchange ends
 * early, and soon after its cause. Over HTTP/1.1 that is a closed connection, over HTTP/2 a reset
 * stream on a connection that lives on.
 *
 * <p>The source {@code x} takes a minute; what {@code y} does is each test's own.
 */
class CancellationSeenTest {

  /** What a busy machine may take; on a quiet one it is a few milliseconds. */
  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(500);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLostRaceIsGivenUp(boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness = harness(upstream, http2, "/slow/200/{id}")) {
      ViewAnswer answer = harness.fetch("v", "any");
      long cause = System.nanoTime();
      assertThat(status(answer)).isEqualTo(SourceStatus.CANCELLED);
      expectGivenUp(upstream, cause);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatRunsBesideARequiredSourceThatFailedIsGivenUp(boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness = harness(upstream, http2, "/cut/{id}", "views.v.required=y")) {
      ViewAnswer answer = harness.fetch("v", "all");
      long cause = System.nanoTime();
      assertThat(status(answer)).isEqualTo(SourceStatus.CANCELLED);
      expectGivenUp(upstream, cause);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPassedDeadlineEndsWhatRuns(boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness =
            harness(
                upstream,
                http2,
                "/ok/{id}",
                "views.v.deadline=400ms",
                "sources.x.timeout=399ms",
                "sources.y.timeout=399ms",
                "sources.x.retries=5")) {
      ViewAnswer answer = harness.fetch("v", "all");
      long cause = System.nanoTime();
      assertThat(status(answer)).isEqualTo(SourceStatus.TIMEOUT);
      expectGivenUp(upstream, cause);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAttemptThatIsOutOfTimeIsGivenUp(boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness = harness(upstream, http2, "/ok/{id}", "sources.x.timeout=300ms")) {
      ViewAnswer answer = harness.fetch("v", "all");
      long cause = System.nanoTime();
      assertThat(status(answer)).isEqualTo(SourceStatus.TIMEOUT);
      expectGivenUp(upstream, cause);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAClientThatHangsUpWaitedForIsGivenUp(boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness = harness(upstream, http2, "/ok/{id}")) {
      Cancellation client = new Cancellation();
      Future<ViewAnswer> answer = harness.begin("v", "all", 42, client);
      upstream.awaitExchanges(2);
      long cause = System.nanoTime();
      client.cancel();
      expectGivenUp(upstream, cause);
      assertThatThrownBy(() -> ViewsHarness.await(answer)).isInstanceOf(Failure.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBodyThatDripsIsGivenUpToo(boolean http2) {
    try (Upstream upstream = Upstream.start();
        ViewsHarness harness =
            harness(
                upstream, http2, "/ok/{id}", "sources.x.http=" + upstream.url("/endless/{id}"))) {
      Cancellation client = new Cancellation();
      Future<ViewAnswer> answer = harness.begin("v", "all", 42, client);
      upstream.awaitExchanges(2);
      long cause = System.nanoTime();
      client.cancel();
      expectGivenUp(upstream, cause);
      assertThatThrownBy(() -> ViewsHarness.await(answer)).isInstanceOf(Failure.class);
    }
  }

  private static SourceStatus status(ViewAnswer answer) {
    return answer.results().get(0).status();
  }

  private static void expectGivenUp(Upstream upstream, long cause) {
    upstream.awaitNoneOpen();
    UpstreamExchange x =
        upstream.exchanges().stream()
            .filter(exchange -> exchange.path().matches("/(slow/60000|endless)/.*"))
            .findFirst()
            .orElseThrow();
    assertThat(x.ending()).isEqualTo(UpstreamExchange.Ending.GIVEN_UP);
    assertThat(x.ended() - cause).isLessThan(SOON);
  }

  private static ViewsHarness harness(
      Upstream upstream, boolean http2, String y, String... further) {
    List<String> sets =
        new ArrayList<>(
            List.of(
                "sources.x.http=" + upstream.url("/slow/60000/{id}"),
                "sources.x.timeout=4s",
                "sources.x.http2=" + http2,
                "sources.y.http=" + upstream.url(y),
                "sources.y.timeout=4s",
                "sources.y.http2=" + http2,
                "views.v.sources=x,y",
                "views.v.modes=all,any",
                "views.v.deadline=5s"));
    sets.addAll(List.of(further));
    return new ViewsHarness(sets.toArray(String[]::new));
  }
}
