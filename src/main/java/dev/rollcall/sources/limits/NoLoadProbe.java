package dev.rollcall.sources.limits;

/**
 * A measurement of how long answers take without a load: the limit is halved, round by round, until
 * there can't be a queue at the source any more.
 */
final class NoLoadProbe {
  /**
   * A limit below this part of what the source has at work at its rate has no queue. A little more
   * would do, if rates and times were exact.
   */
  private static final double UNQUEUED = 0.75;

  /** Times within these bounds are equal, as far as one round can tell. */
  private static final double SHORTER = 0.85;

  private static final double LONGER = 1.15;

  /** A time so much longer than the least of before must be seen at two limits. */
  private static final double DOUBTFUL = 1.3;

  /** Above what is at work, the limit that it goes on with. */
  private static final double AFTER = 1.25;

  private final int limit;
  private final long least;
  private final double perNano;
  private long last;

  /**
   * A probe that begins.
   *
   * @param limit the one before
   * @param least the least time of before, in nanoseconds; 0 for none
   * @param time what answers took last, in nanoseconds
   * @param perNano how many there were in a nanosecond
   */
  NoLoadProbe(int limit, long least, long time, double perNano) {
    this.limit = limit;
    this.least = least;
    this.last = time;
    this.perNano = perNano;
  }

  static int half(int limit) {
    return Math.max(1, limit / 2);
  }

  /**
   * A round with a lower limit has ended. Whether it is to be halved again.
   *
   * @param dropped whether the source had too much to do all the same
   */
  boolean goesOn(int lower, long time, boolean dropped) {
    boolean unqueued = lower <= UNQUEUED * perNano * time;
    boolean credible = time <= DOUBTFUL * least || time >= SHORTER * last;
    boolean settled = time <= LONGER * last;
    last = time;
    return lower > 1 && (dropped || !unqueued || !credible || !settled);
  }

  /** The limit to go on with: what the source had at work before, and a little more. */
  int after(int lower, long time) {
    return (int) Math.max(lower, Math.min(limit, perNano * time * AFTER));
  }
}
