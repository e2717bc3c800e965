package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeSettingsTest {

  private static BridgeSettings of(String... sets) {
    return Settings.of(sets).bus().bridge();
  }

  @Test
  void thereIsNoneUnlessItIsAskedForAndThenItAdmitsUsersAndViews() {
    BridgeSettings usual = of();
    assertThat(usual.enabled()).isFalse();
    assertThat(of("bus.bridge.enabled=true").enabled()).isTrue();
    assertThat(usual.inbound())
        .contains("rollcall.users.get", "rollcall.users.delete", "rollcall.views.fetch")
        .noneMatch(address -> address.contains("password") || address.contains("jobs"));
    assertThat(usual.outbound()).containsExactly("rollcall.users.changed");
    assertThat(usual.origins()).isEmpty();
  }

  @Test
  void aListStandsForTheWhole() {
    assertThat(of("bus.bridge.inbound=rollcall.users.get,orders.by-user").inbound())
        .containsExactly("rollcall.users.get", "orders.by-user");
    assertThat(of("bus.bridge.outbound=orders.by-user,rollcall.source.orders").outbound())
        .containsExactly("orders.by-user", "rollcall.source.orders");
    assertThat(of("bus.bridge.origins=https://a.example,http://[::1]:8080").origins())
        .containsExactly("https://a.example", "http://[::1]:8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollcall.users.password.set",
        "rollcall.users.password.verify",
        "rollcall.jobs.start",
        "rollcall.jobs.cancel",
        "anything.else"
      })
  void whatIsDocumentedMayBeAdmitted(String address) {
    assertThat(of("bus.bridge.inbound=" + address).inbound()).containsExactly(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollcall.users.write", "rollcall.users.read", "rollcall.users.owner", "rollcall.cancel",
        "rollcall.users.changed", "rollcall.source.orders", "rollcall.users.write@n1", "rollcall.",
        "rollcall.users.*", "__vertx.reply.1", "a b"
      })
  void whatNodesSayAmongThemselvesCanNeverBeSentTo(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("bus.bridge.inbound=" + address))
        .withMessageStartingWith("bus.bridge.inbound: \"" + address + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollcall.users.get",
        "rollcall.users.owner",
        "rollcall.cancel",
        "__vertx.reply.1",
        "rollcall.source.orders#1",
        "rollcall.users.write@n1"
      })
  void whatNodesSayAmongThemselvesCanNeverBeListenedTo(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("bus.bridge.outbound=" + address))
        .withMessageStartingWith("bus.bridge.outbound: \"" + address + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "null", "a.example", "https://a.example/", "https://A.example", "https://"})
  void anOriginIsWrittenAsBrowsersSendIt(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("bus.bridge.origins=" + origin))
        .withMessageStartingWith("bus.bridge.origins: \"" + origin + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "messageLimit, 1023",
    "messageLimit, 65MiB",
    "rate, 0",
    "rate, 1000001",
    "handlers, 0",
    "handlers, 100001",
    "backlog, 1",
    "backlog, 65MiB",
    "sockets, 0",
    "socketsPerClient, 0",
    "socketsPerClient, 1000001",
    "pingInterval, 99ms",
    "pingInterval, 11m",
    "pingTimeout, 2h",
    "replyTimeout, 0s",
    "replyTimeout, 12m",
    "enabled, yes"
  })
  void shouldRejectWhatIsOutsideItsRange(String key, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("bus.bridge." + key + "=" + value))
        .withMessageStartingWith("bus.bridge." + key + ": ");
  }

  @Test
  void shouldRejectATimeoutThatLeavesNoTimeToAnswerAPing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("bus.bridge.pingInterval=5s", "bus.bridge.pingTimeout=5s"))
        .withMessage(
            "bus.bridge.pingTimeout: 5s: longer than bus.bridge.pingInterval, which is 5s");
    assertThat(of("bus.bridge.pingTimeout=11s").pingTimeout()).isEqualTo(Duration.ofSeconds(11));
  }

  @Test
  void recordsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BridgeSettings.Limits(1, 1, 1, 1024, 1, 1))
        .withMessageStartingWith("bus.bridge.messageLimit: 1B: ");
  }
}
