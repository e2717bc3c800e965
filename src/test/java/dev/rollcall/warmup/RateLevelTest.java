package dev.rollcall.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLevelTest {

  private final RateLevel level = new RateLevel();

  private void add(double compiling, double... rates) {
    for (double rate : rates) {
      level.add(rate, compiling);
    }
  }

  @Test
  void aRateThatRisesHasNotLevelledOff() {
    add(0, 100, 200, 300, 400, 500, 600);
    assertThat(level.levelled()).isFalse();
    assertThat(level.first()).isEqualTo(200);
    assertThat(level.last()).isEqualTo(500);
  }

  @Test
  void aRateThatStaysHasLevelledOff() {
    add(0, 100, 500, 900, 1000, 1000, 1010);
    assertThat(level.levelled()).isFalse();
    add(0, 1000, 1020, 1000);
    assertThat(level.levelled()).isTrue();
  }

  @Test
  void aRateThatTheCompilerHoldsUpHasNotLevelledOff() {
    add(0.9, 1000, 1000, 1000, 1000, 1000, 1000);
    assertThat(level.levelled()).isFalse();
    add(0.1, 1000, 1000, 1000);
    assertThat(level.levelled()).isTrue();
  }

  @Test
  void nothingHasLevelledOffBeforeThereWasAnAnswer() {
    assertThat(level.levelled()).isFalse();
    assertThat(level.last()).isZero();
    add(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(level.levelled()).isFalse();
  }
}
