package dev.rollcall.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "192.0.2.1, ::ffff:192.0.2.1",
    "2001:db8:1:2::1, 2001:db8:1:2:ffff:ffff:ffff:ffff",
    "2001:db8:1:2::1, 2001:0db8:0001:0002:0:0:0:9",
    "fe80::1, fe80::2%eth0",
    "::1, ::2"
  })
  void theseAreOneClient(String one, String other) {
    assertThat(ClientAddress.of(one)).isEqualTo(ClientAddress.of(other));
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 192.0.2.2", "2001:db8:1:2::1, 2001:db8:1:3::1", "::1, 127.0.0.1"})
  void theseAreTwoClients(String one, String other) {
    assertThat(ClientAddress.of(one)).isNotEqualTo(ClientAddress.of(other));
  }

  @Test
  void whoHasNoIpAddressIsOneClientAndNotTheBus() {
    ClientAddress none = ClientAddress.of((SocketAddress) null);
    assertThat(none)
        .isEqualTo(ClientAddress.of(SocketAddress.domainSocketAddress("/tmp/x.sock")))
        .isEqualTo(ClientAddress.of("no address"))
        .isNotEqualTo(ClientAddress.BUS);
    assertThat(ClientAddress.of(SocketAddress.inetSocketAddress(80, "192.0.2.1")).text())
        .isEqualTo("192.0.2.1");
  }
}
