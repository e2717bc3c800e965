package dev.rollcall.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff();

  @Test
  void theFirstTryIsAtOnceAndPausesDoubleUpToASecond() {
    assertThat(backoff.due()).isTrue();
    long[] longest = {51, 101, 201, 401, 801, 1001, 1001};
    for (long most : longest) {
      backoff.failed();
      assertThat(backoff.due()).isFalse();
      assertThat(backoff.dueInMillis()).isBetween(1L, most);
    }
    assertThat(backoff.dueInMillis()).isGreaterThan(500);
  }

  @Test
  void aSuccessForgetsThem() {
    backoff.failed();
    backoff.failed();
    backoff.succeeded();
    assertThat(backoff.due()).isTrue();
    backoff.failed();
    assertThat(backoff.dueInMillis()).isLessThanOrEqualTo(51);
  }
}
