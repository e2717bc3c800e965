package dev.rollcall.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.sources.Hedge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** After how long a second attempt is made. */
class HedgeDelayTest {

  private static HedgeDelay percentile(double percentile) {
    return new HedgeDelay(new Hedge(Duration.ZERO, percentile));
  }

  private static void took(HedgeDelay delay, int times, long millis) {
    for (int i = 0; i < times; i++) {
      delay.took(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  @Test
  void aFixedTimeStaysAsItIs() {
    HedgeDelay delay = new HedgeDelay(new Hedge(Duration.ofMillis(70), 0));
    took(delay, 5000, 1);
    assertThat(delay.millis()).isEqualTo(70);
  }

  @Test
  void noneIsMadeWhereNoneIsAskedFor() {
    HedgeDelay delay = new HedgeDelay(Hedge.NEVER);
    took(delay, 5000, 1);
    assertThat(delay.millis()).isZero();
  }

  @Test
  void noPercentileIsToldFromAFew() {
    HedgeDelay delay = percentile(95);
    took(delay, 99, 10);
    assertThat(delay.millis()).isZero();
    took(delay, 1, 10);
    assertThat(delay.millis()).isBetween(10L, 11L);
  }

  @Test
  void itIsAsLongAsSoManyPercentTook() {
    HedgeDelay delay = percentile(90);
    took(delay, 85, 10);
    took(delay, 15, 500);
    assertThat(delay.millis()).isBetween(500L, 510L);
    HedgeDelay other = percentile(80);
    took(other, 85, 10);
    took(other, 15, 500);
    assertThat(other.millis()).isBetween(10L, 11L);
  }

  @Test
  void itFollowsTheSource() {
    HedgeDelay delay = percentile(95);
    took(delay, 100, 10);
    took(delay, 999, 200);
    assertThat(delay.millis()).isBetween(10L, 11L);
    took(delay, 1, 200);
    assertThat(delay.millis()).isBetween(200L, 203L);
  }

  @Test
  void itIsNeverLessThanAMillisecond() {
    HedgeDelay delay = percentile(50);
    for (int i = 0; i < 100; i++) {
      delay.took(i % 2 == 0 ? 0 : -5);
    }
    assertThat(delay.millis()).isEqualTo(1);
  }

  @Test
  void severalThreadsMayTellItAtOnce() throws InterruptedException {
    HedgeDelay delay = percentile(95);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(new Thread(() -> took(delay, 20_000, 30)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(delay.millis()).isBetween(30L, 31L);
  }
}
