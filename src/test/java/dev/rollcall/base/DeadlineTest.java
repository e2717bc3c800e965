package dev.rollcall.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The moment by which an answer must be there. */
class DeadlineTest {

  @Test
  void whatIsLeftGetsLess() {
    Deadline deadline = Deadline.in(Duration.ofSeconds(60));
    long before = deadline.remainingNanos();
    assertThat(before).isBetween(1L, TimeUnit.SECONDS.toNanos(60));
    assertThat(deadline.remainingNanos()).isLessThanOrEqualTo(before);
    assertThat(deadline.passed()).isFalse();
  }

  @Test
  void nothingIsLeftOnceItHasPassed() {
    Deadline deadline = new Deadline(System.nanoTime());
    assertThat(deadline.passed()).isTrue();
    assertThat(deadline.remainingNanos()).isZero();
    assertThat(deadline.remainingMillis()).isZero();
  }

  @Test
  void aTimerOfTheMillisecondsThatAreLeftIsNotEarly() {
    for (int i = 1; i <= 1000; i++) {
      Deadline deadline = new Deadline(System.nanoTime() + i * 10_007L);
      long least = deadline.remainingNanos();
      long millis = deadline.remainingMillis();
      // What was left a moment ago was no less, and by then that much has passed.
      long most = deadline.remainingNanos();
      assertThat(millis).isGreaterThanOrEqualTo(most / 1_000_000);
      assertThat(TimeUnit.MILLISECONDS.toNanos(millis)).isBetween(most, least + 1_000_000);
    }
  }

  @Test
  void lessIsPassedOnThanIsLeftAndAtLeastAMillisecond() {
    Deadline deadline = Deadline.in(Duration.ofSeconds(60));
    assertThat(deadline.toPassOn()).isBetween(50_000L, 59_998L);
    assertThat(Deadline.in(Duration.ofNanos(1)).toPassOn()).isEqualTo(1);
    assertThat(new Deadline(System.nanoTime() - 5_000_000_000L).toPassOn()).isEqualTo(1);
  }

  @Test
  void theEarlierOneOfTwoHolds() {
    Deadline early = new Deadline(5);
    Deadline late = new Deadline(6);
    assertThat(early.earliest(late)).isSameAs(early);
    assertThat(late.earliest(early)).isSameAs(early);
    assertThat(early.isBefore(late)).isTrue();
    assertThat(late.isBefore(early)).isFalse();
    assertThat(early.isBefore(early)).isFalse();
  }

  @Test
  void theClockMayRunOverItsEnd() {
    Deadline before = new Deadline(Long.MAX_VALUE);
    Deadline after = new Deadline(Long.MIN_VALUE);
    assertThat(before.isBefore(after)).isTrue();
    assertThat(after.earliest(before)).isSameAs(before);
  }
}
