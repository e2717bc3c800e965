package dev.rollcall.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a place for a handshake, where others take all that there are. */
class HandshakeLimitTest {

  private static final int MOST = HandshakeLimit.MOST;
  private static final int FROM_ONE_ADDRESS = FairPlaces.partOfOne(MOST);

  private final EmbeddedChannel port = new EmbeddedChannel(new HandshakeLimit());
  private final List<EmbeddedChannel> all = new ArrayList<>();

  @AfterEach
  void close() {
    all.forEach(channel -> channel.close().syncUninterruptibly());
    port.finishAndReleaseAll();
  }

  @Test
  void oneAddressHasThreeQuartersAtMost() {
    List<EmbeddedChannel> greedy = accept("10.0.0.1", FROM_ONE_ADDRESS);
    assertThat(accept("10.0.0.1", 1).get(0).isOpen()).isFalse();
    assertThat(accept("10.0.0.2", 1).get(0).isOpen()).isTrue();
    assertThat(greedy).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void whereTwoTakeAllPlacesOthersGetThoseOfWhoHasTheMostTheOldestFirst() {
    List<EmbeddedChannel> greedy = accept("10.0.0.1", FROM_ONE_ADDRESS);
    List<EmbeddedChannel> second = accept("10.0.0.2", MOST - FROM_ONE_ADDRESS);
    List<EmbeddedChannel> others = accept("10.0.0.3", 2);
    others.addAll(accept("10.0.0.4", 1));
    assertThat(others).allMatch(EmbeddedChannel::isOpen);
    assertThat(greedy.subList(0, 3)).noneMatch(EmbeddedChannel::isOpen);
    assertThat(greedy.subList(3, FROM_ONE_ADDRESS)).allMatch(EmbeddedChannel::isOpen);
    assertThat(second).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void addressesThatHaveAsManyTakeNoPlacesFromEachOther() {
    List<EmbeddedChannel> both = accept("10.0.0.1", MOST / 2);
    both.addAll(accept("10.0.0.2", MOST / 2));
    assertThat(accept("10.0.0.1", 1).get(0).isOpen()).isFalse();
    assertThat(accept("10.0.0.2", 1).get(0).isOpen()).isFalse();
    assertThat(both).allMatch(EmbeddedChannel::isOpen);
  }

  @Test
  void onesThatHaveEndedGiveTheirPlacesBackOnce() {
    List<EmbeddedChannel> first = accept("10.0.0.1", MOST / 2);
    List<EmbeddedChannel> second = accept("10.0.0.2", MOST / 2);
    first.subList(0, 2).forEach(channel -> channel.close().syncUninterruptibly());
    List<EmbeddedChannel> others = accept("10.0.0.3", 3);
    assertThat(second.get(0).isOpen()).isFalse();
    // That one was counted out before it was closed, and is not by its end again.
    others.addAll(accept("10.0.0.4", 1));
    assertThat(second.get(1).isOpen()).isFalse();
    assertThat(others).allMatch(EmbeddedChannel::isOpen);
    assertThat(all.stream().filter(EmbeddedChannel::isOpen).count()).isEqualTo(MOST);
  }

  private List<EmbeddedChannel> accept(String address, int count) {
    List<EmbeddedChannel> accepted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EmbeddedChannel channel = new ConnectionFrom(address);
      port.writeInbound(channel);
      accepted.add(channel);
    }
    all.addAll(accepted);
    return accepted;
  }
}
