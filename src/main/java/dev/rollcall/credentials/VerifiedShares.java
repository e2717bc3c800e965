package dev.rollcall.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * For whom a right password was given of late, and from where.
 *
 * <p>Where too many wait, these keep their places: whoever guesses at many users, each once, can't
 * be told from people, but has verified none. Bounded: forgotten a day after the last right
 * password, and earlier where there are too many. Safe for use by all threads.
 */
final class VerifiedShares {

  private static final int MAX_SHARES = 100_000;
  private static final Duration MEMORY = Duration.ofDays(1);

  private final Cache<Share, Boolean> shares;

  VerifiedShares() {
    this(MAX_SHARES, Ticker.systemTicker());
  }

  VerifiedShares(int most, Ticker clock) {
    shares =
        Caffeine.newBuilder()
            .maximumSize(most)
            .expireAfterWrite(MEMORY)
            .ticker(clock)
            .executor(Runnable::run)
            .build();
  }

  void add(Share share) {
    shares.put(share, true);
  }

  boolean contains(Share share) {
    return shares.getIfPresent(share) != null;
  }
}
