package dev.rollcall.sources.http;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import dev.rollcall.sources.SourceRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attempts that are no longer wanted end at every stage, and the service at the other end sees it.
 * All are cancelled from a thread that is not their event loop.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpCancellationTest {

  private static final Duration SOON = Duration.ofMillis(500);

  private final Upstream upstream = Upstream.start();
  private final SourceLoop loop = new SourceLoop();

  @AfterAll
  void stop() {
    loop.close();
    upstream.close();
  }

  private SourceLoop.Remote source(boolean http2, String path, String... settings) {
    return loop.source(upstream, http2, path, settings);
  }

  private UpstreamExchange last() {
    List<UpstreamExchange> all = upstream.exchanges();
    return all.get(all.size() - 1);
  }

  /** Cancels and looks how long it takes for the reply, and for the other end to see it. */
  private void assertSeenSoon(
      SourceLoop.Remote source, Cancellation cancellation, Future<SourceReply> reply) {
    long start = System.nanoTime();
    cancellation.cancel();
    assertThat(await(reply).ending()).isEqualTo(Ending.LATE);
    upstream.awaitNoneOpen();
    assertThat(last().ending()).isEqualTo(UpstreamExchange.Ending.GIVEN_UP);
    assertThat(last().ended() - start).isLessThan(SOON.toNanos());
    source.awaitIdle();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSeenBeforeTheHeadOfTheAnswer(boolean http2) {
    SourceLoop.Remote source = source(http2, "/slow/60000");
    Cancellation cancellation = new Cancellation();
    int before = upstream.exchanges().size();
    Future<SourceReply> reply = source.fetch(SourceLoop.request(cancellation));
    upstream.awaitExchanges(before + 1);
    assertSeenSoon(source, cancellation, reply);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSeenMidwayInTheBody(boolean http2) {
    SourceLoop.Remote source = source(http2, "/endless");
    Cancellation cancellation = new Cancellation();
    int before = upstream.exchanges().size();
    Future<SourceReply> reply = source.fetch(SourceLoop.request(cancellation));
    upstream.awaitExchanges(before + 1);
    upstream.await(() -> last().pieces() > 3);
    assertSeenSoon(source, cancellation, reply);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSeenOnAConnectionThatWasUsedBefore(boolean http2) {
    SourceLoop.Remote source = source(http2, "/slow/{user.email}");
    assertThat(await(source.fetch(with("0", new Cancellation()))).ending()).isEqualTo(Ending.OK);
    int connected = upstream.everConnected();
    Cancellation cancellation = new Cancellation();
    int before = upstream.exchanges().size();
    Future<SourceReply> reply = source.fetch(with("60000", cancellation));
    upstream.awaitExchanges(before + 1);
    assertSeenSoon(source, cancellation, reply);
    assertThat(upstream.everConnected()).isEqualTo(connected);
  }

  private static SourceRequest with(String value, Cancellation cancellation) {
    return SourceLoop.request(cancellation, Map.of("user.email", value));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void asksNobodyWhenItComesFirst(boolean http2) {
    SourceLoop.Remote source = source(http2, "/slow/60000");
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    int before = upstream.exchanges().size();
    assertThat(await(source.fetch(SourceLoop.request(cancellation))).ending())
        .isEqualTo(Ending.LATE);
    assertThat(upstream.exchanges()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesTheNewConnectionToOthersWhenItComesWhileConnecting(boolean http2) {
    SourceLoop.Remote source = source(http2, "/ok");
    int connected = upstream.everConnected();
    int asked = upstream.exchanges("/ok").size();
    SourceReply reply = await(source.fetchAndCancel());
    assertThat(reply.ending()).isEqualTo(Ending.LATE);
    source.awaitIdle();
    assertThat(source.get().ending()).isEqualTo(Ending.OK);
    assertThat(upstream.exchanges("/ok")).hasSize(asked + 1);
    assertThat(upstream.everConnected()).isEqualTo(connected + 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void doesNothingAfterTheEnd(boolean http2) {
    SourceLoop.Remote source = source(http2, "/ok");
    int connected = upstream.everConnected();
    for (int i = 0; i < 5; i++) {
      Cancellation cancellation = new Cancellation();
      Future<SourceReply> reply = source.fetch(SourceLoop.request(cancellation));
      assertThat(await(reply).ending()).isEqualTo(Ending.OK);
      cancellation.cancel();
    }
    assertThat(upstream.everConnected()).isEqualTo(connected + 1);
    assertThat(source.inFlight()).isZero();
  }

  /** At any moment between the first call and the end. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leaksNothingInAThousand(boolean http2) throws InterruptedException {
    SourceLoop.Remote source = source(http2, "/drip/{user.email}", "inFlight=99");
    Random random = new Random(7);
    int late = 0;
    for (int round = 0; round < 50; round++) {
      List<Cancellation> cancellations = new ArrayList<>();
      List<Future<SourceReply>> replies = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Cancellation cancellation = new Cancellation();
        cancellations.add(cancellation);
        replies.add(source.fetch(with("10", cancellation)));
      }
      for (Cancellation cancellation : cancellations) {
        TimeUnit.MICROSECONDS.sleep(random.nextInt(500));
        cancellation.cancel();
      }
      for (Future<SourceReply> reply : replies) {
        assertThat(await(reply).ending()).isIn(Ending.OK, Ending.LATE);
        late += await(reply).ending() == Ending.LATE ? 1 : 0;
      }
    }
    assertThat(late).isGreaterThan(50);
    assertAllPlacesAreFree(source);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leaksNothingWhileConnecting(boolean http2) {
    SourceLoop.Remote source = source(http2, "/slow/60000/{id}", "inFlight=99");
    List<Future<SourceReply>> replies = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      replies.add(source.fetchAndCancel());
    }
    replies.forEach(reply -> assertThat(await(reply).ending()).isEqualTo(Ending.LATE));
    assertAllPlacesAreFree(source);
  }

  /**
   * As many attempts as may be in flight are so, all at once: over HTTP/2 on one connection, which
   * has a hundred places.
   */
  private void assertAllPlacesAreFree(SourceLoop.Remote source) {
    source.awaitIdle();
    upstream.awaitNoneOpen();
    List<Cancellation> cancellations = new ArrayList<>();
    for (int i = 0; i < 99; i++) {
      Cancellation cancellation = new Cancellation();
      cancellations.add(cancellation);
      source.fetch(with("60000", cancellation));
    }
    upstream.await(() -> upstream.open() == 99);
    cancellations.forEach(Cancellation::cancel);
    source.awaitIdle();
    upstream.awaitNoneOpen();
  }
}
