package dev.rollcall.access.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.ClientAddress;
import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressesTest {
  private final ClientAddresses behind =
      new ClientAddresses(List.of("10.0.0.0/8", "2001:db8:1::/48"));

  private static MultiMap headers(String... pairs) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return headers;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          192.0.2.7                            | 192.0.2.7
          192.0.2.7:4711                       | 192.0.2.7
          198.51.100.1, 192.0.2.7              | 192.0.2.7
          192.0.2.7, 10.1.1.1,10.2.2.2         | 192.0.2.7
          2001:db8:2::1                        | 2001:db8:2::1
          [2001:db8:2::1]:443                  | 2001:db8:2::1
          192.0.2.7, 2001:db8:1::5             | 192.0.2.7
          unknown                              | 10.0.0.1
          192.0.2.7, unknown, 10.3.3.3         | 10.3.3.3
          192.0.2.300                          | 10.0.0.1
          192.0.2.7;drop                       | 10.0.0.1
          ''                                   | 10.0.0.1
          """)
  void aListedProxyNamesItsClient(String field, String client) {
    assertThat(behind.of("10.0.0.1", headers("X-Forwarded-For", field))).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          for=192.0.2.7                                  | 192.0.2.7
          For="192.0.2.7:1";proto=https;by=10.0.0.1      | 192.0.2.7
          for="[2001:db8:2::1]:99"                       | 2001:db8:2::1
          for=198.51.100.1, for=192.0.2.7                | 192.0.2.7
          for=_hidden                                    | 10.0.0.1
          proto=https                                    | 10.0.0.1
          """)
  void forwardedSaysItInItsOwnForm(String field, String client) {
    MultiMap both = headers("Forwarded", field, "X-Forwarded-For", "203.0.113.1");
    assertThat(behind.of("10.0.0.1", both)).isEqualTo(client);
  }

  @Test
  void whatAnybodyElseWritesThereCountsForNothing() {
    MultiMap headers = headers("X-Forwarded-For", "192.0.2.7", "Forwarded", "for=192.0.2.7");
    assertThat(behind.of("203.0.113.1", headers)).isEqualTo("203.0.113.1");
    assertThat(new ClientAddresses(List.of()).of("10.0.0.1", headers)).isEqualTo("10.0.0.1");
  }

  @Test
  void severalFieldsAreOneList() {
    MultiMap headers = headers("X-Forwarded-For", "192.0.2.7", "X-Forwarded-For", "10.4.4.4");
    assertThat(behind.of("10.0.0.1", headers)).isEqualTo("192.0.2.7");
  }

  @Test
  void aLongListCostsLittle() {
    MultiMap headers = headers("X-Forwarded-For", "10.4.4.4,".repeat(1_000) + "10.4.4.5");
    assertThat(behind.of("10.0.0.1", headers)).isEqualTo("10.4.4.4");
  }

  @Test
  void theTextOfAnAddressIsReadAsThatAddress() {
    for (String text : List.of("192.0.2.7", "2001:db8:2::1", "::ffff:192.0.2.7")) {
      ClientAddress address = ClientAddress.of(text);
      assertThat(ClientAddress.of(address.text())).isEqualTo(address);
    }
  }
}
