package dev.rollcall.sources;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Until when each URL of a source asked to be left alone, by the {@code Retry-After} of a 429 or
 * 503. One for a source in a process; safe for use by all threads.
 */
public final class UrlPauses {

  /** What it can ask for at most: what it says may be wrong, and hold for all users. */
  public static final long LONGEST_MILLIS = 60_000;

  /** Why a source is not asked that named a time in {@code Retry-After}. */
  public static final String ASKED_TO_WAIT =
      "it asked to be left alone for longer than there is time";

  /** By the URL; 0 where there is no pause. */
  private final AtomicLongArray ends;

  /** Of a source with so many URLs, none of which is paused. */
  public UrlPauses(int urls) {
    ends = new AtomicLongArray(urls);
  }

  /** A URL is left alone for so long from now, unless it is for longer already. */
  public void pause(int url, long millis) {
    long end =
        (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, LONGEST_MILLIS))) | 1;
    ends.accumulateAndGet(url, end, (now, then) -> now == 0 || then - now > 0 ? then : now);
  }

  /** For how long a URL is to be left alone, in milliseconds and rounded up; 0 where it is not. */
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

  /** Which URL an attempt asks: those at one answer go through them one after the other. */
  int url(int attempt) {
    return (attempt - 1) % ends.length();
  }

  /** The first attempt from this one on whose URL may be asked; 0 when none may. */
  public int next(int attempt) {
    for (int i = attempt; i < attempt + ends.length(); i++) {
      if (millis(url(i)) == 0) {
        return i;
      }
    }
    return ends.length() == 0 ? attempt : 0;
  }

  /** In how many milliseconds the first URL may be asked. */
  public long shortest() {
    long shortest = LONGEST_MILLIS;
    for (int url = 0; url < ends.length(); url++) {
      shortest = Math.min(shortest, millis(url));
    }
    return shortest;
  }
}
