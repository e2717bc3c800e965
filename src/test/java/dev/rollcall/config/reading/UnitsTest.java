package dev.rollcall.config.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({"0s,0", "500ms,500", "30s,30000", "5m,300000", "1h,3600000", "30d,2592000000"})
  void aDurationIsANumberWithItsUnit(String text, long millis) {
    assertThat(Units.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "30", "30 s", "30S", "-1s", "+1s", "1.5s", "1h30m", "1w", "s", "٣s"})
  void anythingElseIsNoDuration(String text) {
    assertThat(Units.duration(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "512B,512", "64KiB,65536", "1MiB,1048576", "2GiB,2147483648"})
  void aSizeIsANumberOfBytesOrHasAUnit(String text, long bytes) {
    assertThat(Units.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1KB", "1kib", "1 MiB", "-1", "1.5MiB", "MiB", "1TiB", "0x10"})
  void anythingElseIsNoSize(String text) {
    assertThat(Units.size(text)).isNull();
  }

  @Test
  void aNumberThatOverflowsIsRefusedRatherThanWrapped() {
    assertThat(Units.size("999999999999999999GiB")).isNull();
    assertThat(Units.duration("999999999999999999d")).isNull();
    assertThat(Units.size("9".repeat(400))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "1ms", "1500ms", "90s", "2m", "25h", "30d"})
  void aDurationIsShownInTheLargestUnitThatKeepsItWhole(String text) {
    Duration duration = Objects.requireNonNull(Units.duration(text));
    assertThat(Units.show(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0B", "1B", "1025B", "3KiB", "1536KiB", "64MiB", "2GiB"})
  void aSizeIsShownInTheLargestUnitThatKeepsItWhole(String text) {
    long size = Objects.requireNonNull(Units.size(text));
    assertThat(Units.show(size)).isEqualTo(text);
  }
}
