package dev.rollcall.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Counts recent wrong passwords by user id, and says how long the next such answer is held back.
 *
 * <p>Only answers that say "wrong" are held back: the right password is answered at once, so that
 * nobody can lock another out. An id without a user counts like any other, so that the delay tells
 * nothing. Bounded: an id is forgotten some minutes after its last wrong password, and earlier
 * where there are too many. Safe for use by all threads.
 */
final class WrongGuesses {

  /** So many mistakes are not slowed down. */
  private static final int FREE = 10;

  private static final long FIRST_DELAY_MILLIS = 50;
  private static final int MAX_IDS = 100_000;
  private static final Duration MEMORY = Duration.ofMinutes(10);

  private final long longestMillis;
  private final Cache<Long, Integer> counts;

  /**
   * No guesses yet.
   *
   * @param longest the delay at which it stops doubling; zero for none at all
   */
  WrongGuesses(Duration longest) {
    this(longest, MAX_IDS, Ticker.systemTicker());
  }

  WrongGuesses(Duration longest, int maxIds, Ticker clock) {
    this.longestMillis = longest.toMillis();
    this.counts =
        Caffeine.newBuilder()
            .maximumSize(maxIds)
            .expireAfterWrite(MEMORY)
            .ticker(clock)
            .executor(Runnable::run)
            .build();
  }

  /** Counts a wrong password; for how many milliseconds to hold the answer back. */
  long delayAfterAnother(long id) {
    int count = counts.asMap().merge(id, 1, (a, b) -> Math.min(a + b, 1000));
    int doublings = Math.min(count - FREE - 1, 30);
    return doublings < 0 ? 0 : Math.min(longestMillis, FIRST_DELAY_MILLIS << doublings);
  }

  int count(long id) {
    Integer count = counts.getIfPresent(id);
    return count == null ? 0 : count;
  }

  boolean slowed(long id) {
    return longestMillis > 0 && count(id) >= FREE;
  }
}
