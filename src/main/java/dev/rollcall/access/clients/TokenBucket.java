package dev.rollcall.access.clients;

import dev.rollcall.config.HttpSettings.Rate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A bucket that holds as many tokens as may be taken at once, and gets so many more each second. It
 * is one number, the moment at which it will be full: a token that is taken moves that on. Safe for
 * use by all threads.
 */
final class TokenBucket {
  private final long interval;
  private final long size;
  private final LongSupplier clock;
  private final AtomicLong fullAt;

  /** A full one. */
  TokenBucket(Rate rate, LongSupplier clock) {
    this.interval = TimeUnit.SECONDS.toNanos(1) / rate.perCaller();
    this.size = interval * rate.burst();
    this.clock = clock;
    this.fullAt = new AtomicLong(clock.getAsLong());
  }

  /**
   * Takes a token, where there is one.
   *
   * @return 0 where it did; else in how many nanoseconds there will be one
   */
  long take() {
    return take(0);
  }

  /**
   * Takes a token, or one of those that there will be within a time.
   *
   * @param ahead so many nanoseconds at most
   * @return in how many nanoseconds there is one; it was taken if they are no more than that
   */
  long take(long ahead) {
    long now = clock.getAsLong();
    while (true) {
      long full = fullAt.get();
      long next = Math.max(full - now, 0) + interval;
      if (next > size + ahead || fullAt.compareAndSet(full, now + next)) {
        return Math.max(0, next - size);
      }
    }
  }

  /** How many there are. */
  long left() {
    return (size - missing()) / interval;
  }

  /** In how many seconds it is full again, at least one. */
  long secondsToFull() {
    return seconds(missing());
  }

  /** So many nanoseconds in whole seconds, at least one. */
  static long seconds(long nanos) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Math.max(1, (nanos + second - 1) / second);
  }

  private long missing() {
    return Math.min(size, Math.max(0, fullAt.get() - clock.getAsLong()));
  }
}
