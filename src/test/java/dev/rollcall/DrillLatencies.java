package dev.rollcall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long requests took, by the second in which they were due. Each counts from the moment that it
 * was due, whether it could be sent just then or not. Safe for use by all threads.
 */
final class DrillLatencies {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double LATE = 0.99;

  private record Latency(long due, long nanos) {}

  private final List<Latency> all = new ArrayList<>();

  /** A request that is over, however it ended. */
  synchronized void add(long due, long end) {
    all.add(new Latency(due, end - due));
  }

  /**
   * The 99th percentile of what was due in a time, in milliseconds.
   *
   * @throws IllegalArgumentException where nothing was
   */
  synchronized double p99(long from, long to) {
    long[] sorted =
        all.stream()
            .filter(each -> each.due - from >= 0 && each.due - to < 0)
            .mapToLong(Latency::nanos)
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no request was due then");
    }
    return sorted[(int) Math.ceil(LATE * sorted.length) - 1] / 1e6;
  }

  /** The same of each whole second of that time. */
  double[] p99BySecond(long from, long to) {
    double[] seconds = new double[(int) ((to - from) / SECOND)];
    Arrays.setAll(seconds, i -> p99(from + i * SECOND, from + (i + 1) * SECOND));
    return seconds;
  }
}
