package dev.rollcall.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmptyRecordsTest {

  private static final int RECORD = 16 * 1024;

  /** Gives on so many bytes of what it gets, as what decrypts does. */
  private static final class Decryption extends ChannelInboundHandlerAdapter {
    private int data;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
      if (data > 0) {
        context.fireChannelRead(Unpooled.wrappedBuffer(new byte[data]));
      }
    }
  }

  private final Decryption decryption = new Decryption();
  private final EmbeddedChannel channel = new EmbeddedChannel(decryption);
  private final AtomicInteger tooMany = new AtomicInteger();

  EmptyRecordsTest() {
    EmptyRecords.watch(channel.pipeline().context(decryption), tooMany::incrementAndGet);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void come(int bytes, int data) {
    decryption.data = data;
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  @Test
  void whatCarriesDataIsLeftAlone() {
    for (int i = 0; i < 10_000; i++) {
      come(23, 1);
    }
    for (int i = 0; i < 1_000; i++) {
      // A record of many pieces gives its data with the last.
      for (int piece = 0; piece < 15; piece++) {
        come(RECORD / 16, 0);
      }
      come(RECORD / 16, RECORD - 22);
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(tooMany).hasValue(0);
  }

  @Test
  void whatCarriesNothingEndsTheConnectionOnce() {
    int sent = 0;
    while (channel.isOpen() && sent < 10 * EmptyRecords.BURST) {
      come(27, 0);
      sent += 27;
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(sent).isGreaterThan(EmptyRecords.BURST);
    assertThat(tooMany).hasValue(1);
  }

  @Test
  void someDataAmongItIsNoExcuse() {
    for (int i = 0; channel.isOpen() && i < 1_000; i++) {
      come(60, 38);
      come(100 * 27, 0);
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(tooMany).hasValue(1);
  }
}
