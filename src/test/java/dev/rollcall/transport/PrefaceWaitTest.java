package dev.rollcall.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefaceWaitTest {

  private final AtomicInteger begun = new AtomicInteger();
  private final PrefaceWait wait = new PrefaceWait(begun::incrementAndGet);
  private final EmbeddedChannel channel = new EmbeddedChannel();

  PrefaceWaitTest() {
    channel.freezeTime();
    channel.pipeline().addLast(wait);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static ByteBuf preface() {
    return Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII)
        .writeMedium(6)
        .writeByte(4)
        .writeByte(0)
        .writeInt(0)
        .writeZero(6);
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 25, 26, 33, 38, 39})
  void whatBeginsIsLeftAlone(int piece) {
    ByteBuf all = preface();
    while (all.isReadable()) {
      assertThat(begun).hasValue(0);
      channel.writeInbound(all.readRetainedSlice(Math.min(piece, all.readableBytes())));
    }
    all.release();
    assertThat(begun).hasValue(1);
    assertThat(channel.pipeline().get(PrefaceWait.class)).isNull();
    pass(60);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void whatSaysNothingIsClosed() {
    pass(PrefaceWait.SECONDS - 1);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(begun).hasValue(0);
  }

  @Test
  void whatDripsIsClosed() {
    ByteBuf all = preface();
    for (int i = 0; i < PrefaceWait.SECONDS; i++) {
      channel.writeInbound(all.readRetainedSlice(3));
      pass(1);
    }
    all.release();
    assertThat(channel.isOpen()).isFalse();
  }
}
