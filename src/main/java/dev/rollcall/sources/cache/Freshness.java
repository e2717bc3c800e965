package dev.rollcall.sources.cache;

import java.time.Duration;

/**
 * For how long an answer may be used, by its age in nanoseconds.
 *
 * @param initialAge how old it was when it came
 * @param lifetime the age at which it is no longer fresh
 * @param whileRevalidate the age up to which it may be used while a new one is fetched
 * @param ifError the age up to which it may be used where a new one can't be had
 */
public record Freshness(long initialAge, long lifetime, long whileRevalidate, long ifError) {

  /** That of an answer that is new when it comes, by durations after each other. */
  public static Freshness of(Duration fresh, Duration whileRevalidate, Duration ifError) {
    long lifetime = fresh.toNanos();
    return new Freshness(
        0, lifetime, lifetime + whileRevalidate.toNanos(), lifetime + ifError.toNanos());
  }

  /** How old it is so many nanoseconds after it came. */
  public long age(long since) {
    return initialAge + Math.max(0, since);
  }

  /** Whether it is fresh so many nanoseconds after it came. */
  public boolean isFresh(long since) {
    return age(since) < lifetime;
  }

  /** Whether it may then be used while a new one is fetched. */
  public boolean isUsable(long since) {
    return age(since) < whileRevalidate;
  }

  /** Whether it may then be used instead of a failure. */
  public boolean isUsableInstead(long since) {
    return age(since) < ifError;
  }

  /** For how many nanoseconds after it came it may be used in any way; not below 0. */
  public long usableFor() {
    return Math.max(0, Math.max(whileRevalidate, ifError) - initialAge);
  }
}
