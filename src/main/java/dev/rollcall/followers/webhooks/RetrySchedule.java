package dev.rollcall.followers.webhooks;

import dev.rollcall.followers.delivery.DeliveryAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** When a change that was not taken is sent again, and a source is told again to erase a user. */
public final class RetrySchedule {
  /** How long a webhook may fail before it is paused. */
  static final Duration PATIENCE = Duration.ofDays(5);

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10));

  private RetrySchedule() {}

  /**
   * When it is due: up to a tenth later than the schedule says, so that those that failed together
   * do not come back together, and not before the receiver asks for.
   *
   * @param attempts how often it was sent, from 1
   */
  public static Instant next(Instant now, int attempts, DeliveryAnswer answer) {
    long pause = PAUSES.get(Math.min(attempts, PAUSES.size()) - 1).toMillis();
    long jitter = ThreadLocalRandom.current().nextLong(pause / 10 + 1);
    return now.plusMillis(Math.max(pause + jitter, answer.retryAfter()));
  }
}
