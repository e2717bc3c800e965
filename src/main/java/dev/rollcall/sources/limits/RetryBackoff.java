package dev.rollcall.sources.limits;

import java.util.concurrent.ThreadLocalRandom;

/** How long retries wait, so that many that failed together do not come back together. */
public final class RetryBackoff {
  /** A retry waits for a random part of this, doubled each time. */
  private static final long FIRST_MILLIS = 20;

  private static final long LONGEST_MILLIS = 1000;
  private static final int MOST_DOUBLINGS = 10;

  private RetryBackoff() {}

  /** A pause in milliseconds before the next of so many retries that were made: 1 to 1000. */
  public static long millis(int retries) {
    long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(retries, MOST_DOUBLINGS));
    return 1 + ThreadLocalRandom.current().nextLong(longest);
  }
}
