package dev.rollcall.credentials;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/**
 * How long a thread is at work for a new hash, and what makes cheaper work take as long, so that a
 * hash from elsewhere does not show by its time.
 *
 * <p>Times are those of the thread's processor, which other threads do not lengthen, in
 * nanoseconds. Safe for use by all threads.
 */
final class UsualTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean MEASURES_THREADS = THREADS.isCurrentThreadCpuTimeSupported();

  /** The share of each new measurement in the mean: it follows the compiler of the JVM soon. */
  private static final double WEIGHT = 0.2;

  /** Less than this part of the whole is lost among what varies anyway. */
  private static final double NEGLIGIBLE = 0.02;

  /** The first one may be short of what it is to be; the others are short ones. */
  private static final int ROUNDS = 4;

  private final DoubleConsumer spend;

  /** Zero as long as nothing was measured. Guarded by this. */
  private double mean;

  /**
   * @param spend does a part of the work of a new hash, from 0 to 1
   */
  UsualTime(DoubleConsumer spend) {
    this.spend = spend;
  }

  /** Of this thread, to be subtracted from a later one. */
  static long now() {
    return MEASURES_THREADS ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  /** Does what takes as long as a new hash, and learns from it. */
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

  /** Goes on working until this thread has been at it for as long as usual, if it was not yet. */
  void fill(long start) {
    if (mean() == 0) {
      // Nothing was hashed yet: this one takes longer, and no other.
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
