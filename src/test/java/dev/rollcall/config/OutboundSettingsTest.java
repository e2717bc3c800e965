package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutboundSettingsTest {

  @Test
  void aQuarterOfTheHeapMayBeOnItsWay() {
    OutboundSettings outbound = Settings.of().outbound();
    assertThat(outbound.limit()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
    assertThat(outbound.patience()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void whatIsOutOfRangeIsNamedWithTheRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("outbound.limit=1KiB"))
        .withMessageContaining("outbound.limit: ")
        .withMessageContaining("1MiB to 64GiB");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("outbound.wait=5m"))
        .withMessageContaining("outbound.wait: ")
        .withMessageContaining("100ms to 1m");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutboundSettings(1, Duration.ofSeconds(1)))
        .withMessageStartingWith("outbound.limit: ");
  }
}
