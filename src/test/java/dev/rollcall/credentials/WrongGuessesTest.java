package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WrongGuessesTest {

  private final AtomicLong now = new AtomicLong();

  private WrongGuesses upTo(Duration longest) {
    return new WrongGuesses(longest, 100, now::get);
  }

  private static List<Long> delays(WrongGuesses guesses, long id, int count) {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      delays.add(guesses.delayAfterAnother(id));
    }
    return delays;
  }

  @Test
  void tenAreFreeAndThenTheDelayDoublesUpToTheLongest() {
    WrongGuesses guesses = upTo(Duration.ofSeconds(1));
    assertThat(delays(guesses, 1, 10)).containsOnly(0L);
    assertThat(delays(guesses, 1, 7)).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L);
    assertThat(delays(guesses, 1, 5000)).containsOnly(1000L);
  }

  @Test
  void theLongestMayBeShorterThanTheFirst() {
    WrongGuesses guesses = upTo(Duration.ofMillis(20));
    assertThat(delays(guesses, 1, 12)).endsWith(0L, 20L, 20L);
  }

  @Test
  void aSlowdownOfZeroIsNone() {
    assertThat(delays(upTo(Duration.ZERO), 1, 5000)).containsOnly(0L);
  }

  @Test
  void oneIdDoesNotSlowDownAnother() {
    WrongGuesses guesses = upTo(Duration.ofSeconds(1));
    delays(guesses, 1, 100);
    assertThat(delays(guesses, 2, 10)).containsOnly(0L);
  }

  @Test
  void guessesAreForgottenTenMinutesAfterTheLast() {
    WrongGuesses guesses = upTo(Duration.ofSeconds(1));
    delays(guesses, 1, 20);
    now.addAndGet(Duration.ofMinutes(9).toNanos());
    assertThat(guesses.delayAfterAnother(1)).isEqualTo(1000);
    now.addAndGet(Duration.ofMinutes(9).toNanos());
    assertThat(guesses.delayAfterAnother(1)).isEqualTo(1000);
    now.addAndGet(Duration.ofMinutes(11).toNanos());
    assertThat(guesses.delayAfterAnother(1)).isZero();
  }

  @Test
  void whoGuessesAtManyIdsTakesNoMoreMemory() {
    WrongGuesses guesses = upTo(Duration.ofSeconds(1));
    for (long id = 1; id <= 10_000; id++) {
      guesses.delayAfterAnother(id);
    }
    assertThat(LongStream.rangeClosed(1, 10_000).filter(id -> guesses.count(id) > 0).count())
        .isBetween(1L, 100L);
  }

  @Test
  void whoeverIsGuessedAtOftenIsNotForgottenForThat() {
    WrongGuesses guesses = upTo(Duration.ofSeconds(1));
    for (long id = 1000; id <= 11_000; id++) {
      guesses.delayAfterAnother(id);
      guesses.delayAfterAnother(1);
    }
    assertThat(guesses.delayAfterAnother(1)).isEqualTo(1000);
  }
}
