package dev.rollcall.bus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.budgets.InboundBudget;
import dev.rollcall.budgets.OutboundBudgets;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import dev.rollcall.config.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a client was silent, on a clock that the test turns. */
class BridgeSilenceTest {

  private static final Duration LOOK = Duration.ofMillis(250);

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new WebSocket13FrameDecoder(true, false, 1 << 20), new ChannelInboundHandlerAdapter());
  private final List<CloseReason> cuts = new ArrayList<>();
  private final BridgeFrames frames =
      BridgeFrames.watch(channel.pipeline(), false, limits(), ClientAddress.BUS, cuts::add);
  private long now = System.nanoTime();

  private static BridgeLimits limits() {
    Settings settings =
        Settings.of(
            "bus.bridge.enabled=true", "bus.bridge.pingInterval=5s", "bus.bridge.pingTimeout=30s");
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    return new BridgeLimits(
        settings.bus().bridge(),
        OutboundBudgets.of(settings.outbound().limit(), settings.outbound().patience(), registry),
        new InboundBudget(1 << 20, registry),
        registry);
  }

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
  }

  private void lookAfter(Duration time) {
    now += time.toNanos();
    frames.listen(now);
  }

  private void lookFor(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(LOOK)) {
      lookAfter(LOOK);
    }
  }

  @Test
  void aSilentClientIsAskedAndThenCutOff() {
    lookFor(Duration.ofSeconds(29));
    assertThat(channel.outboundMessages()).as("pings").isNotEmpty();
    assertThat(cuts).isEmpty();
    lookFor(Duration.ofSeconds(2));
    assertThat(cuts).contains(CloseReason.IDLE);
  }

  @Test
  void theTimeInWhichThisProcessStandsStillIsNoSilenceOfTheClient() {
    lookFor(Duration.ofSeconds(20));
    // What it sent meanwhile is read behind this look.
    lookAfter(Duration.ofSeconds(40));
    lookFor(Duration.ofSeconds(9));
    assertThat(cuts).isEmpty();
    lookFor(Duration.ofSeconds(2));
    assertThat(cuts).contains(CloseReason.IDLE);
  }
}
