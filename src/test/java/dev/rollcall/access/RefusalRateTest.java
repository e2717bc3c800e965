package dev.rollcall.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.ClientAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A flood of refusals keeps the log readable, and hides no others. */
class RefusalRateTest {
  private static final ClientAddress FLOODING = ClientAddress.of("192.0.2.1");
  private static final ClientAddress OTHER = ClientAddress.of("192.0.2.2");

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final RefusalRate rate = new RefusalRate(now::get);

  private long logged(int refusals, ClientAddress from) {
    return IntStream.range(0, refusals).filter(i -> rate.admit(from) >= 0).count();
  }

  @Test
  void theFirstFewOfAnAddressAreLoggedAndTheOthersCounted() {
    assertThat(logged(10_000, FLOODING)).isEqualTo(RefusalRate.AT_ONCE);
    now.addAndGet(RefusalRate.WINDOW - 1);
    assertThat(rate.admit(FLOODING)).isEqualTo(-1);
    now.incrementAndGet();
    assertThat(rate.admit(FLOODING)).isEqualTo(10_001 - RefusalRate.AT_ONCE);
    assertThat(rate.admit(FLOODING)).as("those are told of once").isZero();
  }

  @Test
  void anotherAddressIsStillLogged() {
    logged(10_000, FLOODING);
    assertThat(rate.admit(OTHER)).isZero();
  }

  @Test
  void allAddressesTogetherAreBounded() {
    long lines =
        IntStream.range(0, 65_536)
            .filter(i -> rate.admit(ClientAddress.of("10.0." + i / 256 + "." + i % 256)) >= 0)
            .count();
    assertThat(lines).isEqualTo(64 * RefusalRate.AT_ONCE);
  }
}
