package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where deliveries may go, and how many at once. */
class WebhookSettingsTest {

  @Test
  void nothingInsideIsAllowedUnlessItIsListed() {
    assertThat(Settings.of().webhooks()).isEqualTo(Settings.of("webhooks.inFlight=20").webhooks());
    assertThat(Settings.of().webhooks().allow()).isEmpty();
    WebhookSettings given =
        Settings.of("webhooks.allow=10.1.0.0/16,fd00::/8", "webhooks.inFlight=1000").webhooks();
    assertThat(given.allow()).containsExactly("10.1.0.0/16", "fd00::/8");
    assertThat(given.inFlight()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.1.0.0", "10.1.0.0/33", "10.1.0/16", "fd00::/129", "internal.example", "*"})
  void anExceptionIsANetworkAndNothingElse(String network) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("webhooks.allow=" + network))
        .withMessageStartingWith("webhooks.allow: \"" + network + "\": ")
        .withMessageContaining("a network such as 10.0.0.0/8 or 2001:db8::/32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "many"})
  void deliveriesAtOnceAreBounded(String inFlight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("webhooks.inFlight=" + inFlight))
        .withMessageContaining("webhooks.inFlight: ")
        .withMessageContaining("an integer from 1 to 1000");
  }
}
