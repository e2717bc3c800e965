package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusSettingsTest {

  @Test
  void asManyMessagesAsRequestsMayBeAtWork() {
    assertThat(Settings.of().bus().inFlightLimit())
        .isEqualTo(Settings.of().http().inFlightLimit())
        .isEqualTo(2000);
    assertThat(Settings.of("bus.inFlightLimit=7").bus())
        .isEqualTo(new BusSettings(7, Settings.of().bus().bridge()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1000001", "many"})
  void shouldRejectALimitOutsideItsRange(String limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("bus.inFlightLimit=" + limit))
        .withMessageStartingWith("bus.inFlightLimit: ")
        .withMessageContaining("an integer from 1 to 1000000");
  }

  @Test
  void recordsMadeByCodeAreHeldToTheSameRule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BusSettings(0, Settings.of().bus().bridge()))
        .withMessage("bus.inFlightLimit: 0: an integer from 1 to 1000000");
  }

  @Test
  void oneInstanceServesUnlessItIsToldOtherwise() {
    assertThat(Settings.of("deploy.eventLoops=4").deploy().bus()).isEqualTo(1);
    assertThat(Settings.of("deploy.eventLoops=4", "deploy.bus=4").deploy().bus()).isEqualTo(4);
    assertThat(Settings.of("deploy.bus=0").deploy().bus()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("deploy.eventLoops=4", "deploy.bus=5"))
        .withMessageStartingWith("deploy.bus: ");
  }
}
