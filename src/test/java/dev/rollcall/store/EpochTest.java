package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.users.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EpochTest {

  private static final Instant NOW = Instant.parse("2026-11-28T03:00:00Z");
  private static final long BILLIONS = 1L << 32;

  @Test
  void itBeginsFarAboveAllThatIsKnown() {
    for (long given : List.of(0L, 1L, 1_000_000L, Epoch.floor(0, NOW), 1L << 52)) {
      assertThat(Epoch.floor(given, NOW)).isGreaterThanOrEqualTo(given + BILLIONS);
      assertThat(Epoch.floor(given, NOW)).isLessThan(User.MAX_ID - BILLIONS);
    }
  }

  /** Though the copy that both begin from knows nothing of the other. */
  @Test
  void twoThatBeginFromOneCopyLeaveRoomForAllThatIsWrittenBetween() {
    long first = Epoch.floor(1000, NOW);
    long second = Epoch.floor(1000, NOW.plusSeconds(1));
    assertThat(second - first).isGreaterThan(1_000_000);
  }

  @Test
  void aClockThatIsWrongDoesNoHarm() {
    for (Instant now :
        List.of(
            Instant.EPOCH,
            Instant.parse("2024-12-31T23:59:59Z"),
            Instant.parse("2061-01-01T00:00:00Z"),
            Instant.ofEpochMilli(Long.MAX_VALUE),
            Instant.ofEpochMilli(Long.MIN_VALUE))) {
      assertThat(Epoch.floor(1000, now)).isBetween(1000 + BILLIONS, 1000 + 2 * BILLIONS);
    }
    long later = Epoch.floor(1000, NOW);
    assertThat(Epoch.floor(later, NOW.minus(Duration.ofDays(300)))).isGreaterThan(later);
  }

  @Test
  void thereIsRoomForHundredsOfThousands() {
    Random random = new Random(1);
    Instant now = NOW;
    long last = 0;
    for (int i = 0; i < 100_000; i++) {
      long floor = Epoch.floor(last, now);
      assertThat(floor).isGreaterThan(last).isLessThan(User.MAX_ID);
      last = floor + random.nextInt(1_000_000);
      now = now.plusSeconds(random.nextInt(60));
    }
  }

  @Test
  void whenNoNumbersAreLeftItIsSaid() {
    assertThatThrownBy(() -> Epoch.floor(User.MAX_ID - BILLIONS, NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no numbers left");
  }
}
