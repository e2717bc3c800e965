package dev.rollcall.access;

import java.util.concurrent.TimeUnit;

/**
 * When this process was last known to know what the store knows. What was revoked since then is
 * unknown here, so after 10 s nothing that rests on it is to be accepted. Safe for use by all
 * threads.
 */
public final class Confirmation {
  private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private volatile long askedAt = System.nanoTime() - 2 * TRUST_NANOS;

  /**
   * All was known.
   *
   * @param when by {@link System#nanoTime}, when the store was asked, which says no more
   */
  public void at(long when) {
    askedAt = when;
  }

  /** Whether it was too long ago, or never. */
  public boolean isOld() {
    return System.nanoTime() - askedAt > TRUST_NANOS;
  }
}
