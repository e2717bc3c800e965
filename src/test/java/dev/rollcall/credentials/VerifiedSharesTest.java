package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.ClientAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VerifiedSharesTest {

  private final AtomicLong now = new AtomicLong();
  private final VerifiedShares verified = new VerifiedShares(100, now::get);

  private static Share share(String address, long id) {
    return new Share(ClientAddress.of(address), id, Share.Purpose.VERIFY);
  }

  @Test
  void whoWasVerifiedIsKnownThereForADay() {
    verified.add(share("192.0.2.1", 1));
    assertThat(verified.contains(share("192.0.2.1", 1))).isTrue();
    assertThat(verified.contains(share("192.0.2.2", 1))).isFalse();
    assertThat(verified.contains(share("192.0.2.1", 2))).isFalse();
    now.addAndGet(Duration.ofHours(23).toNanos());
    assertThat(verified.contains(share("192.0.2.1", 1))).isTrue();
    now.addAndGet(Duration.ofHours(2).toNanos());
    assertThat(verified.contains(share("192.0.2.1", 1))).isFalse();
  }

  @Test
  void howeverManyAreVerifiedTheyTakeNoMoreMemory() {
    for (long id = 1; id <= 10_000; id++) {
      verified.add(share("192.0.2.1", id));
    }
    assertThat(
            LongStream.rangeClosed(1, 10_000)
                .filter(id -> verified.contains(share("192.0.2.1", id)))
                .count())
        .isBetween(1L, 100L);
  }
}
