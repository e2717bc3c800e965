package dev.rollcall.credentials;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The meters of hashing. Safe for use by all threads. */
final class HashingMetrics {

  private final MeterRegistry registry;
  private final Timer hashing;
  private final Counter shed;
  private final Counter dropped;

  HashingMetrics(MeterRegistry registry) {
    this.registry = registry;
    hashing =
        Timer.builder("rollcall.credentials.hashing")
            .description("Hashing or verifying one password, without its time in the queue")
            .serviceLevelObjectives(
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofSeconds(1))
            .register(registry);
    shed =
        Counter.builder("rollcall.credentials.shed")
            .description("Requests that were refused since the queue was full")
            .register(registry);
    dropped =
        Counter.builder("rollcall.credentials.dropped")
            .description("Work that was not begun since its client had gone")
            .register(registry);
  }

  void watch(HashingQueue queue) {
    Gauge.builder("rollcall.credentials.waiting", queue, HashingQueue::waiting)
        .description("Work that waits for a thread")
        .register(registry);
    Gauge.builder("rollcall.credentials.admitted", queue, HashingQueue::admitted)
        .description("Work that waits or is at work, each holding a permit")
        .register(registry);
    TimeGauge.builder(
            "rollcall.credentials.waiting.age", queue, TimeUnit.NANOSECONDS, HashingQueue::age)
        .description("For how long the oldest waiting work has waited")
        .register(registry);
  }

  void hashed(long nanos) {
    hashing.record(nanos, TimeUnit.NANOSECONDS);
  }

  void shed() {
    shed.increment();
  }

  void dropped() {
    dropped.increment();
  }
}
