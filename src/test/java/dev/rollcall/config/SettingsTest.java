package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.DeploySettings.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void recordsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ManagementSettings("127.0.0.1", 70_000, List.of(), 50, 0, Optional.empty()))
        .withMessage("management.port: 70000: an integer from 0 to 65535");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ManagementSettings("127.0.0.1", 0, List.of(), 0, 0, Optional.empty()))
        .withMessage("management.connectionLimit: 0: an integer from 1 to 10000");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ManagementSettings("127.0.0.1", 0, List.of(), 1, -1, Optional.empty()))
        .withMessage("management.fetches: -1: an integer from 0 to 100000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ShutdownSettings(Duration.ZERO, Duration.ofMinutes(11)))
        .withMessage(
            "shutdown.drain: 11m: a duration from 0s to 10m, with its unit (ms, s, m, h, d)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new StoreSettings(
                    StoreSettings.Kind.SQLITE, Path.of("a.db"), 65, 1, 0, Optional.empty()))
        .withMessageStartingWith("store.readers: 65: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DeploySettings(Transport.AUTO, 1, 2, 0, 0, Duration.ZERO))
        .withMessageStartingWith("deploy.http: 2: an integer from 0 to 1");
  }

  @Test
  void someKeysCanBeSetOverTheDefaults() {
    Settings settings = Settings.of("http.port=0", "store.cache=0", "log.format=JSON");
    assertThat(settings.http().port()).isZero();
    assertThat(settings.store().cache()).isZero();
    assertThat(settings.log().format()).isEqualTo(LogSettings.Format.JSON);
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
    assertThat(Settings.of().deploy())
        .isEqualTo(
            new DeploySettings(
                Transport.AUTO, processors, processors, 1, processors, Duration.ZERO));
    assertThat(Settings.of("deploy.eventLoops=5").deploy())
        .isEqualTo(new DeploySettings(Transport.AUTO, 5, 5, 1, 5, Duration.ZERO));
  }

  @Test
  void aProcessWarmsUpForFiveMinutesAtMostAndByDefaultNotAtAll() {
    assertThat(Settings.of().deploy().warmUp()).isZero();
    assertThat(Settings.of("deploy.warmUp=20s").deploy().warmUp()).hasSeconds(20);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of("deploy.warmUp=6m"))
        .withMessageContaining("deploy.warmUp: \"6m\": a duration from 0s to 5m");
  }

  @Test
  void oneProcessorIsLeftToTheEventLoopsWhilePasswordsAreHashed() {
    int spare = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    CredentialsSettings credentials = Settings.of().credentials();
    assertThat(credentials.threads()).isEqualTo(Math.min(64, spare));
    assertThat(credentials.queue()).isEqualTo(64);
    assertThat(credentials.memory()).isEqualTo(19 * 1024 * 1024);
    assertThat(credentials.iterations()).isEqualTo(2);
    assertThat(credentials.slowdown()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void hashingIsHeldToItsBounds() {
    for (String wrong :
        List.of(
            "threads=0",
            "threads=65",
            "queue=-1",
            "queue=100001",
            "memory=8191",
            "memory=2GiB",
            "iterations=0",
            "iterations=101",
            "slowdown=-1s",
            "slowdown=31s")) {
      assertThatIllegalArgumentException()
          .as(wrong)
          .isThrownBy(() -> Settings.of("credentials." + wrong))
          .withMessageStartingWith("credentials." + wrong.substring(0, wrong.indexOf('=')) + ": ");
    }
    assertThat(Settings.of("credentials.queue=0", "credentials.slowdown=0s").credentials().queue())
        .isZero();
  }

  @Test
  void howManyBackupsStayIsHeldToItsBounds() {
    assertThat(Settings.of().backup().keep()).isEqualTo(7);
    for (String wrong : List.of("0", "-1", "10001")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Settings.of("backup.keep=" + wrong))
          .withMessage("backup.keep: \"" + wrong + "\": an integer from 1 to 10000 (from --set)");
    }
  }

  @Test
  void whatTheFeedTakesIsHeldToItsBounds() {
    assertThat(Settings.of().changes().limit()).isEqualTo(1L << 30);
    assertThat(Settings.of("changes.limit=1MiB").changes().limit()).isEqualTo(1 << 20);
    for (String wrong : List.of("1023KiB", "0", "1025GiB", "-1")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Settings.of("changes.limit=" + wrong))
          .withMessageStartingWith("changes.limit: \"" + wrong + "\": a size from 1MiB to 1024GiB");
    }
  }
}
