package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void recordsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Settings.Management("127.0.0.1", 70_000))
        .withMessage("management.port: 70000: an integer from 0 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Settings.Shutdown(Duration.ZERO, Duration.ofMinutes(11)))
        .withMessage(
            "shutdown.drain: 11m: a duration from 0s to 10m, with its unit (ms, s, m, h, d)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Settings.Store(Settings.Store.Kind.SQLITE, Path.of("a.db"), 65, 1, 0))
        .withMessageStartingWith("store.readers: 65: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Settings.Deploy(1, 2))
        .withMessageStartingWith("deploy.http: 2: an integer from 1 to 1");
  }

  @Test
  void someKeysCanBeSetOverTheDefaults() {
    Settings settings = Settings.of("http.port=0", "store.cache=0", "log.format=JSON");
    assertThat(settings.http().port()).isZero();
    assertThat(settings.store().cache()).isZero();
    assertThat(settings.log().format()).isEqualTo(Settings.Log.Format.JSON);
    assertThat(settings.management()).isEqualTo(Settings.of().management());
  }

  @Test
  void aWrongKeyAmongThemIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("http.prot=0"))
        .withMessage("http.prot: unknown key in --set; did you mean http.port?");
  }

  @Test
  void eventLoopsFollowTheProcessorsAndHttpInstancesFollowEventLoops() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(Settings.of().deploy()).isEqualTo(new Settings.Deploy(processors, processors));
    assertThat(Settings.of("deploy.eventLoops=5").deploy()).isEqualTo(new Settings.Deploy(5, 5));
  }
}
