package dev.rollcall.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * The shares for which a right password was given in the last day.
 *
 * <p>Where too many wait, these keep their places: whoever guesses once at each of many users looks
 * like people do, but has verified none. Bounded. Safe for use by all threads.
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
