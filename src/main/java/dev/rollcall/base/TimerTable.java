package dev.rollcall.base;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Timers that differ in their tags. Each is made when it is first needed and then found by its
 * index, so that recording builds no tags. Safe for use by all threads.
 */
public final class TimerTable {

  private static final Duration[] BUCKETS =
      IntStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final IntFunction<Timer.Builder> timer;
  private final AtomicReferenceArray<Timer> timers;

  /**
   * A table without timers.
   *
   * @param places how many there may be
   * @param timer the name, the description and the tags of the one at a place
   */
  public TimerTable(MeterRegistry registry, int places, IntFunction<Timer.Builder> timer) {
    this.registry = registry;
    this.timer = timer;
    this.timers = new AtomicReferenceArray<>(places);
  }

  /** Counts a request that took so long. */
  public void record(int place, long nanos) {
    Timer found = timers.getAcquire(place);
    if (found == null) {
      // Two threads may both register it, and get the same.
      found = timer.apply(place).serviceLevelObjectives(BUCKETS).register(registry);
      timers.setRelease(place, found);
    }
    found.record(nanos, TimeUnit.NANOSECONDS);
  }
}
