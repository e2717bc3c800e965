package dev.rollcall.sources;

import org.jspecify.annotations.Nullable;

/**
 * When one attempt at a source's answer began, asked and ended, on the clock of {@link
 * System#nanoTime()}; the attempts at one answer form a list in the order of their beginning.
 *
 * <p>Written by the event loop of the attempt alone, and read by all threads, also while it runs.
 * It holds nothing of the question or the answer, so that it may be kept for long.
 */
public final class AttemptTimes {
  private static final long NOT_YET = -1;

  private final long beganAt = System.nanoTime();
  private final boolean hedge;
  private final int url;
  private volatile long waited = NOT_YET;
  private long endedAt;
  private volatile @Nullable SourceStatus end;
  private volatile @Nullable AttemptTimes next;

  /** An attempt that begins now. */
  AttemptTimes(boolean hedge, int url) {
    this.hedge = hedge;
    this.url = url;
  }

  /** It has its permit, and asks. */
  void asked() {
    waited = System.nanoTime() - beganAt;
  }

  /** It ends now; called once. */
  void ended(SourceStatus how) {
    endedAt = System.nanoTime();
    // Publishes the moment as well.
    end = how;
  }

  void followedBy(AttemptTimes later) {
    next = later;
  }

  public long beganAt() {
    return beganAt;
  }

  /** When it had its permit; before that, when it began. */
  long askedAt() {
    return beganAt + Math.max(0, waited);
  }

  /**
   * How long it waited for a permit, in nanoseconds; all of its time where it never asked.
   *
   * @param until the moment up to which it is looked at
   */
  public long waited(long until) {
    long known = waited;
    return known == NOT_YET ? took(until) : Math.min(known, took(until));
  }

  /** How long it went on up to a moment, in nanoseconds. */
  public long took(long until) {
    long last = end != null && endedAt - until < 0 ? endedAt : until;
    return Math.max(0, last - beganAt);
  }

  /** How it had ended by a moment; null where it still went on. */
  public @Nullable SourceStatus end(long until) {
    SourceStatus how = end;
    return how != null && endedAt - until <= 0 ? how : null;
  }

  /** Whether it was made since the first one went on for long; false for a retry. */
  public boolean isHedge() {
    return hedge;
  }

  /** Which of the source's URLs it asked, from 0; 0 for a source that has none. */
  public int url() {
    return url;
  }

  /** The attempt that began after it; null where there was none so far. */
  public @Nullable AttemptTimes next() {
    return next;
  }
}
