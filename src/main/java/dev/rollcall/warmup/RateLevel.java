package dev.rollcall.warmup;

import java.util.ArrayList;
import java.util.List;

/**
 * Says when a rate has levelled off, from what was measured second after second.
 *
 * <p>On one processor the rate also stands still for seconds while the compiler holds everything
 * up, so it has levelled off only where the compiler has little to do as well. Belongs to one
 * thread.
 */
public final class RateLevel {

  /** So many seconds are compared with as many before them. */
  private static final int SPAN = 3;

  /** What is more than this is still rising. */
  private static final double RISING = 1.05;

  /** So much of the time the compiler may take of one processor. */
  private static final double COMPILING = 0.15;

  private record Second(double rate, double compiling) {}

  private final List<Second> seconds = new ArrayList<>();

  /**
   * What a further second has shown.
   *
   * @param rate answers in it
   * @param compiling how much of it the compiler took, 1 being one processor
   */
  public void add(double rate, double compiling) {
    seconds.add(new Second(rate, compiling));
  }

  /** Whether the rate does not rise any more. */
  public boolean levelled() {
    int last = seconds.size();
    if (last < 2 * SPAN) {
      return false;
    }
    double before = rate(last - 2 * SPAN);
    double compiling =
        seconds.subList(last - SPAN, last).stream()
            .mapToDouble(Second::compiling)
            .average()
            .orElse(1);
    return before > 0 && rate(last - SPAN) <= RISING * before && compiling <= COMPILING;
  }

  /** Answers a second at the beginning; 0 before there were any. */
  public long first() {
    return Math.round(rate(0));
  }

  /** Answers a second in what was measured last; 0 before there were any. */
  public long last() {
    return Math.round(rate(Math.max(0, seconds.size() - SPAN)));
  }

  /** The mean of the seconds that begin there. */
  private double rate(int from) {
    return seconds.subList(from, Math.min(seconds.size(), from + SPAN)).stream()
        .mapToDouble(Second::rate)
        .average()
        .orElse(0);
  }
}
