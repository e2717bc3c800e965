package dev.rollcall.sources.limits;

import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import java.util.concurrent.TimeUnit;

/**
 * What ended at a URL under one limit. It looks at what ends once the attempts of the limit before
 * have, and is over when the average of the times says something: soon where they are alike, later
 * where they are not. Not safe for use by several threads.
 */
final class LatencyRound {
  /** The least time that it takes. */
  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(100);

  /** After so long a few are enough. */
  private static final long LONG = TimeUnit.SECONDS.toNanos(1);

  private static final int FEW = 10;
  private static final int LEAST = 20;
  private static final int MOST = 400;

  /** The average of so many times a relative variance of 1 is right to a tenth. */
  private static final double PER_VARIANCE = 100;

  private static final double SMOOTHING = 0.2;

  /** The relative variance of the times, before and while it is known. */
  private double variance = 0.5;

  private long began;

  /** What ends earlier was asked under the limit before. */
  private long settled;

  private long ends;
  private double sum;
  private double squares;
  private int answered;
  private int overloaded;
  private int givenUp;
  private int most;

  LatencyRound(long now) {
    restart(now, 0);
  }

  /**
   * Begins the next one.
   *
   * @param usual what attempts take, in nanoseconds
   */
  void restart(long now, long usual) {
    if (answered > 1) {
      double mean = sum / answered;
      double seen = Math.max(0, squares / answered / (mean * mean) - 1);
      variance += SMOOTHING * (seen - variance);
    }
    began = now;
    settled = now + Math.min(usual, LONG);
    ends = 0;
    sum = 0;
    squares = 0;
    answered = 0;
    overloaded = 0;
    givenUp = 0;
    most = 0;
  }

  /** Counts an attempt that took so many nanoseconds. Whether it is over with that. */
  boolean count(long took, long now, Outcome outcome, int taken) {
    if (outcome == Outcome.ANSWERED) {
      ends++;
    }
    if (now - settled < 0) {
      return false;
    }
    switch (outcome) {
      case ANSWERED -> {
        answered++;
        sum += took;
        squares += (double) took * took;
      }
      case OVERLOADED -> overloaded++;
      default -> givenUp++;
    }
    most = Math.max(most, taken);
    double enough = Math.max(LEAST, Math.min(MOST, PER_VARIANCE * variance));
    return now - began >= SHORT && all() >= (now - settled < LONG ? enough : FEW);
  }

  private int all() {
    return answered + overloaded + givenUp;
  }

  boolean hasAnswers() {
    return answered > 0;
  }

  /** What the answers took on average, in nanoseconds. */
  long average() {
    return (long) (sum / answered);
  }

  /** How many answers there were in a nanosecond. */
  double perNano(long now) {
    return (double) ends / Math.max(1, now - began);
  }

  /** Whether the URL had too much to do for more than a tenth, or most were not worth waiting. */
  boolean isDropped() {
    return overloaded * 10 > all() || (overloaded + givenUp) * 2 > all();
  }

  /** The most that were under way when one ended. */
  int most() {
    return most;
  }
}
