package dev.rollcall.bus;

import dev.rollcall.base.TimerTable;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How long messages took, by address and code. Safe for use by all threads. */
final class CallMeters {

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
    private final TimerTable timers = new TimerTable(registry, CODES, this::timer);

    private Address(String name) {
      this.name = name;
    }

    /** Counts a message by its code: 200, or that of its failure. */
    void record(int code, long nanos) {
      timers.record(code, nanos);
    }

    private Timer.Builder timer(int code) {
      return Timer.builder("rollcall.bus.requests")
          .description("from a message's arrival to its reply")
          .tags("address", name, "code", Integer.toString(code));
    }
  }
}
