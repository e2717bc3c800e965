package dev.rollcall.bus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How long messages took, by address and code. Safe for use by all threads.
 *
 * <p>A timer is looked up once for each combination and then found by index, so that counting a
 * message builds no tags.
 */
final class CallMeters {

  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000).stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final int CODES = 600;

  private final MeterRegistry registry;
  private final ConcurrentMap<String, Address> addresses = new ConcurrentHashMap<>();

  CallMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The meters of an address; to be kept, not looked up for each message. */
  Address address(String name) {
    return addresses.computeIfAbsent(name, Address::new);
  }

  /** The timers of one address. */
  final class Address {
    private final String name;
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(CODES);

    private Address(String name) {
      this.name = name;
    }

    /** Counts a message by its code: 200, or that of its failure. */
    void record(int code, long nanos) {
      Timer timer = timers.getAcquire(code);
      if (timer == null) {
        timer = register(code);
        timers.setRelease(code, timer);
      }
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer register(int code) {
      return Timer.builder("rollcall.bus.requests")
          .description("from a message's arrival to its reply")
          .tags("address", name, "code", Integer.toString(code))
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
    }
  }
}
