package dev.rollcall.http.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateDeadlineTest {

  private static final long SECOND = 1_000_000_000;

  /** 100 bytes a second, with 10 s at first, and 30 s at most. */
  private final RateDeadline deadline = new RateDeadline(100, 10 * SECOND, 30 * SECOND);

  @Test
  void eachByteBuysItsShareOfASecond() {
    deadline.begin(0);
    assertThat(deadline.at()).isEqualTo(10 * SECOND);
    deadline.pass(50, SECOND);
    assertThat(deadline.at()).isEqualTo(10 * SECOND + SECOND / 2);
  }

  @Test
  void aBurstExcusesNoLongSilence() {
    deadline.begin(0);
    deadline.pass(Integer.MAX_VALUE, 5 * SECOND);
    assertThat(deadline.at()).isEqualTo(35 * SECOND);
  }

  @Test
  void timeStandsStillWhileItIsNotTheClientsTurn() {
    deadline.begin(0);
    deadline.stop(4 * SECOND);
    deadline.resume(100 * SECOND);
    assertThat(deadline.at()).isEqualTo(106 * SECOND);
    deadline.stop(106 * SECOND);
    deadline.resume(200 * SECOND);
    assertThat(deadline.at()).isEqualTo(201 * SECOND);
  }

  @Test
  void withoutALeastRateAnyByteWillDo() {
    RateDeadline any = new RateDeadline(0, 10 * SECOND, 30 * SECOND);
    any.begin(0);
    any.pass(1, SECOND);
    assertThat(any.at()).isEqualTo(31 * SECOND);
    any.pass(0, 20 * SECOND);
    assertThat(any.at()).isEqualTo(31 * SECOND);
  }
}
