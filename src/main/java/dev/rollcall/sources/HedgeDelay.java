package dev.rollcall.sources;

import dev.rollcall.config.sources.Hedge;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * The delay of a second attempt: a fixed time, or a percentile of what recent attempts took. Safe
 * for use by all threads.
 */
final class HedgeDelay {
  /** A percentile needs at least so many attempts. */
  private static final int FEWEST = 100;

  /** It is measured again after so many attempts, or after {@link #OLD}. */
  private static final int MANY = 1000;

  private static final long OLD = TimeUnit.SECONDS.toNanos(10);
  private static final int SIGNIFICANT_DIGITS = 2;

  private final Hedge hedge;
  private final @Nullable Recorder recorder;
  private final AtomicInteger recorded = new AtomicInteger();
  private @Nullable Histogram interval;
  private volatile long measuredAt = System.nanoTime();
  private volatile long millis;

  HedgeDelay(Hedge hedge) {
    this.hedge = hedge;
    this.recorder = hedge.percentile() > 0 ? new Recorder(SIGNIFICANT_DIGITS) : null;
    this.millis = hedge.after().toMillis();
  }

  /** In milliseconds; 0 for no second attempt. */
  long millis() {
    return millis;
  }

  /**
   * An attempt has taken so long. Those that were outrun count as well: without them the percentile
   * would fall with each hedge that helped.
   */
  void took(long nanos) {
    if (recorder == null) {
      return;
    }
    recorder.recordValue(TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos)));
    int count = recorded.incrementAndGet();
    boolean first = millis == 0;
    if (count >= MANY || (count >= FEWEST && (first || System.nanoTime() - measuredAt > OLD))) {
      measure(recorder);
    }
  }

  private synchronized void measure(Recorder from) {
    if (recorded.get() < FEWEST) {
      // Another thread has just done this.
      return;
    }
    Histogram latest = from.getIntervalHistogram(interval);
    interval = latest;
    recorded.set(0);
    measuredAt = System.nanoTime();
    long micros = latest.getValueAtPercentile(hedge.percentile());
    millis = Math.max(1, TimeUnit.MICROSECONDS.toMillis(micros + 999));
  }
}
