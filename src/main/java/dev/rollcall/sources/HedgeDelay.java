package dev.rollcall.sources;

import dev.rollcall.config.sources.SourceSettings.Hedge;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * After how long a second attempt is made: a fixed time, or as long as so many percent of the
 * recent attempts took. Safe for use by all threads.
 */
final class HedgeDelay {

  /** No percentile is told from fewer attempts. */
  private static final int FEWEST = 100;

  /** So many are enough to tell it anew. */
  private static final int MANY = 1000;

  /** Fewer are, when the last time is so long ago. */
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

  /** The delay in milliseconds; 0 where no second attempt is to be made. */
  long millis() {
    return millis;
  }

  /**
   * An attempt has taken so long, or was outrun by another one after so long: then it would have
   * taken longer, and leaving it out would make the percentile fall with each hedge that helped.
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
