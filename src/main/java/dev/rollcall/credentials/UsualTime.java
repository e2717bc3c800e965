package dev.rollcall.credentials;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * Measures how long a new hash takes, and makes cheaper work take as long, so that the time does
 * not tell which hash is stored.
 *
 * <p>Times are CPU times of the thread, in nanoseconds. Safe for use by all threads.
 */
final class UsualTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean MEASURES_THREADS = THREADS.isCurrentThreadCpuTimeSupported();

  /** The weight of each new measurement in the mean: large, since the JVM's compiler warms up. */
  private static final double WEIGHT = 0.2;

  /** A part of the whole that is lost in the noise. */
  private static final double NEGLIGIBLE = 0.02;

  /** The first round may be too short; the others are short. */
  private static final int ROUNDS = 4;

  private final DoubleConsumer spend;

  /** Zero as long as nothing was measured. Guarded by this. */
  private double mean;

  /**
   * Without measurements.
   *
   * @param spend does a part of the work of a new hash, from 0 to 1
   */
  UsualTime(DoubleConsumer spend) {
    this.spend = spend;
  }

  /** The CPU time of this thread. */
  static long now() {
    return MEASURES_THREADS ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  /** Does work that takes as long as a new hash, and learns from it. */
  <T> T measured(Supplier<T> work) {
    long start = now();
    T result = work.get();
    learn(now() - start);
    return result;
  }

  private synchronized void learn(long nanos) {
    mean = mean == 0 ? nanos : mean + WEIGHT * (nanos - mean);
  }

  private synchronized double mean() {
    return mean;
  }

  /** Works on until this thread has spent the usual time since {@code start}. */
  void fill(long start) {
    if (mean() == 0) {
      // Nothing was hashed yet: this first one takes longer.
      measured(
          () -> {
            spend.accept(1);
            return null;
          });
    }
    for (int round = 0; round < ROUNDS; round++) {
      double missing = 1 - (now() - start) / mean();
      if (missing < NEGLIGIBLE) {
        return;
      }
      spend.accept(missing);
    }
  }
}
