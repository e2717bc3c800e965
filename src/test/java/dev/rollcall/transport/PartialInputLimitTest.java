package dev.rollcall.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections are closed where many have sent a part of a line. */
class PartialInputLimitTest {

  private static final int MOST = 8;
  private static final int MUCH = PartialInputLimit.FREE + 1;

  private final EmbeddedChannel port = new EmbeddedChannel(new PartialInputLimit(MOST));
  private final List<EmbeddedChannel> all = new ArrayList<>();

  @AfterEach
  void close() {
    all.forEach(EmbeddedChannel::finishAndReleaseAll);
    port.finishAndReleaseAll();
  }

  /** Of which lines are read. */
  private EmbeddedChannel connect(String address) {
    EmbeddedChannel channel = new ConnectionFrom(address);
    port.writeInbound(channel);
    ByteToMessageDecoder lines = new LineBasedFrameDecoder(1 << 20);
    channel.pipeline().addLast(lines);
    PartialInputLimit.watch(channel.pipeline(), lines);
    all.add(channel);
    return channel;
  }

  private List<EmbeddedChannel> connect(String address, int count, int memory) {
    List<EmbeddedChannel> connected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EmbeddedChannel channel = connect(address);
      connected.add(channel);
      send(channel, "a line\na part", memory);
    }
    return connected;
  }

  /** Sends a text in a buffer of so many bytes, of which the lines are taken. */
  private static ByteBuf send(EmbeddedChannel channel, String text, int memory) {
    ByteBuf bytes = Unpooled.buffer(memory).writeBytes(text.getBytes(US_ASCII));
    if (channel.isOpen()) {
      channel.writeInbound(bytes);
      channel.releaseInbound();
    }
    return bytes;
  }

  @Test
  void thoseThatKeepLittleNeedNoPlace() {
    assertThat(connect("10.0.0.1", 10 * MOST, PartialInputLimit.FREE))
        .allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void oneByteKeepsWhatWasReadWithIt() {
    connect("10.0.0.1", MOST / 2, MUCH);
    connect("10.0.0.2", MOST / 2, MUCH);
    assertThat(all).allMatch(EmbeddedChannel::isOpen);
    assertThat(connect("10.0.0.1", 1, MUCH).get(0).isOpen()).isFalse();
  }

  @Test
  void whoHasTheMostGivesWayTheOldestFirst() {
    List<EmbeddedChannel> greedy = connect("10.0.0.1", MOST / 4 * 3, MUCH);
    List<EmbeddedChannel> others = connect("10.0.0.2", MOST / 4, MUCH);
    others.addAll(connect("10.0.0.3", 2, MUCH));
    assertThat(others).allMatch(EmbeddedChannel::isOpen);
    assertThat(greedy.subList(0, 2)).noneMatch(EmbeddedChannel::isOpen);
    assertThat(greedy.subList(2, greedy.size())).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void whatIsWholeKeepsNothing() {
    for (EmbeddedChannel channel : connect("10.0.0.1", MOST / 4 * 3, MUCH)) {
      ByteBuf rest = send(channel, " and the rest\n", MUCH);
      assertThat(rest.refCnt()).isZero();
    }
    assertThat(connect("10.0.0.1", MOST / 4 * 3, MUCH)).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void whatIsClosedKeepsNothing() {
    connect("10.0.0.1", MOST / 4 * 3, MUCH).forEach(each -> each.close().syncUninterruptibly());
    assertThat(connect("10.0.0.1", MOST / 4 * 3, MUCH)).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void aDecoderThatHasGoneKeepsNothing() {
    for (EmbeddedChannel channel : connect("10.0.0.1", MOST / 4 * 3, MUCH)) {
      channel.pipeline().remove(LineBasedFrameDecoder.class);
      send(channel, "of another protocol", MUCH);
    }
    assertThat(connect("10.0.0.1", MOST / 4 * 3, MUCH)).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void aBufferIsReleasedAsSoonAsItsDecoderHasReadIt() {
    List<Integer> held = new ArrayList<>();
    EmbeddedChannel channel = connect("10.0.0.1");
    ByteBuf whole = send(channel, "a line\n", MUCH);
    held.add(whole.refCnt());
    ByteBuf part = send(channel, "a part", MUCH);
    held.add(part.refCnt());
    channel.close().syncUninterruptibly();
    held.add(part.refCnt());
    assertThat(held).containsExactly(0, 1, 0);
  }

  @Test
  void whereNothingIsBoundedNoBufferIsHeld() {
    ByteToMessageDecoder lines = new LineBasedFrameDecoder(100);
    EmbeddedChannel alone = new EmbeddedChannel(lines);
    PartialInputLimit.watch(alone.pipeline(), lines);
    assertThat(send(alone, "a line\n", 100).refCnt()).isZero();
    alone.finishAndReleaseAll();
  }

  @Test
  void whoWantsToKnowAtOnceWhatIsLeftLooksAtIt() {
    ByteToMessageDecoder lines = new LineBasedFrameDecoder(100);
    EmbeddedChannel alone = new EmbeddedChannel(lines);
    UndecodedBytes undecoded = UndecodedBytes.of(lines);
    PartialInputLimit.watch(alone.pipeline(), lines, undecoded);
    send(alone, "a line\na part", 100);
    undecoded.look();
    assertThat(undecoded.count()).isEqualTo("a part".length());
    assertThat(undecoded.memory()).isEqualTo(100);
    alone.finishAndReleaseAll();
  }
}
