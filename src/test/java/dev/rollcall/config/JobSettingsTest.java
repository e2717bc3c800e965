package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSettingsTest {

  private static final Duration BATCH_TIME = Duration.ofMillis(200);
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void whatIsLeftOutHasItsDefault() {
    assertThat(Settings.of().jobs())
        .isEqualTo(new JobSettings(2, 100, 10, 100, 500, 500, BATCH_TIME, LEASE, WEEK, 4L << 30));
  }

  @Test
  void everythingCanBeSet() {
    JobSettings set =
        Settings.of(
                "jobs.atOnce=0",
                "jobs.queue=1",
                "jobs.concurrency=3",
                "jobs.concurrencyLimit=4",
                "jobs.streams=9",
                "jobs.batch=5",
                "jobs.batchTime=6ms",
                "jobs.lease=7s",
                "jobs.keep=8h",
                "jobs.limit=9MiB")
            .jobs();
    assertThat(set)
        .isEqualTo(
            new JobSettings(
                0,
                1,
                3,
                4,
                9,
                5,
                Duration.ofMillis(6),
                Duration.ofSeconds(7),
                Duration.ofHours(8),
                9 << 20));
  }

  @Test
  void aLowLimitLowersTheDefaultWithIt() {
    assertThat(Settings.of("jobs.concurrencyLimit=4").jobs().concurrency()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "jobs.streams, 0, an integer from 1 to 100000",
    "jobs.atOnce, -1, an integer from 0 to 64",
    "jobs.atOnce, 65, an integer from 0 to 64",
    "jobs.queue, 0, an integer from 1 to 100000",
    "jobs.concurrency, 101, an integer from 1 to 100 (the most is jobs.concurrencyLimit)",
    "jobs.concurrencyLimit, 1001, an integer from 1 to 1000",
    "jobs.batch, 0, an integer from 1 to 5000",
    "jobs.batchTime, 11s, a duration from 1ms to 10s",
    "jobs.lease, 5s, a duration from 6s to 5m",
    "jobs.keep, 0s, a duration from 1s to 3650d",
    "jobs.limit, 1000KiB, a size from 1MiB to 1024GiB"
  })
  void shouldRejectWhatIsOutsideItsRange(String key, String value, String allowed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.of(key + "=" + value))
        .withMessageStartingWith(key + ": ")
        .withMessageContaining(allowed);
  }

  @Test
  void recordsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new JobSettings(2, 100, 11, 10, 500, 500, BATCH_TIME, LEASE, WEEK, 1 << 20))
        .withMessageStartingWith("jobs.concurrency: 11: an integer from 1 to 10");
  }
}
