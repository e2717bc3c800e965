package dev.rollcall.sources.limits;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Until when each URL of a source is paused, by the {@code Retry-After} of a 429 or 503. One for a
 * source in a process; safe for use by all threads.
 */
public final class UrlPauses {
  /** The longest pause: a wrong one holds for all users. */
  public static final long LONGEST_MILLIS = 60_000;

  /** The reason of a reply for a source that is paused. */
  public static final String ASKED_TO_WAIT =
      "it asked to be left alone for longer than there is time";

  /** For each URL the end of its pause in {@code nanoTime}; 0 for none. */
  private final AtomicLongArray ends;

  public UrlPauses(int urls) {
    ends = new AtomicLongArray(urls);
  }

  /** Pauses a URL for so long from now, unless it is paused for longer. */
  public void pause(int url, long millis) {
    long end =
        (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, LONGEST_MILLIS))) | 1;
    ends.accumulateAndGet(url, end, (now, then) -> now == 0 || then - now > 0 ? then : now);
  }

  /** How long a URL is still paused, in milliseconds and rounded up. */
  public long millis(int url) {
    long end = ends.get(url);
    if (end == 0) {
      return 0;
    }
    long left = end - System.nanoTime();
    if (left <= 0) {
      ends.compareAndSet(url, end, 0);
      return 0;
    }
    return TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }

  /** Which URL an attempt asks: the attempts at one answer take them in turn. 0 without URLs. */
  public int url(int attempt) {
    return ends.length() == 0 ? 0 : (attempt - 1) % ends.length();
  }

  /** The first attempt from this one on whose URL is not paused; 0 when all are. */
  public int next(int attempt) {
    for (int i = attempt; i < attempt + ends.length(); i++) {
      if (millis(url(i)) == 0) {
        return i;
      }
    }
    return ends.length() == 0 ? attempt : 0;
  }

  /** How many milliseconds the shortest pause lasts. */
  public long shortest() {
    long shortest = LONGEST_MILLIS;
    for (int url = 0; url < ends.length(); url++) {
      shortest = Math.min(shortest, millis(url));
    }
    return shortest;
  }
}
