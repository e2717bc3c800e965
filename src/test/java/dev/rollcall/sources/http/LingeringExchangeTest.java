package dev.rollcall.sources.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceReply.Ending;
import dev.rollcall.users.Awaiting;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges of which the reply is known, and which still have a connection or wait for one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class LingeringExchangeTest {

  private final Upstream upstream = Upstream.start();
  private final SourceLoop loop = new SourceLoop();

  @AfterAll
  void stop() {
    loop.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void doNotCountAgainstWhatMayBeInFlight(boolean http2) {
    SourceLoop.Remote source = loop.source(upstream, http2, "/long-status/500", "inFlight=1");
    for (int i = 0; i < 5; i++) {
      assertThat(source.get()).isEqualTo(SourceReply.broken("status 500"));
    }
    upstream.awaitNoneOpen();
    source.awaitIdle();
  }

  @Test
  void doNotCountWhereTheyStillWaitForAConnection() {
    try (RawUpstream mute = RawUpstream.mute()) {
      // Over HTTP/2 a connection is there only when the other end has spoken.
      SourceLoop.Remote source =
          loop.source(mute.url("/"), "http2=true", "inFlight=1", "timeout=300ms");
      for (int i = 0; i < 5; i++) {
        assertThat(Awaiting.await(source.fetchAndCancel()).ending()).isEqualTo(Ending.LATE);
      }
      assertThat(source.inFlight()).isEqualTo(5);
      source.awaitIdle();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void areBoundedByThemselves(boolean http2) {
    SourceLoop.Remote source = loop.source(upstream, http2, "/long-status/500", "inFlight=1");
    for (int i = 0; i < HttpSourceOptions.DRAINING + 20; i++) {
      assertThat(source.get()).isEqualTo(SourceReply.broken("status 500"));
      assertThat(source.inFlight()).isLessThanOrEqualTo(HttpSourceOptions.DRAINING);
    }
    upstream.awaitNoneOpen();
    source.awaitIdle();
  }
}
