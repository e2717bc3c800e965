package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Key;
import java.time.Duration;

/** The circuit breaker of a source: after how many failures in a row it opens, and for how long. */
public record Breaker(int failures, Duration openFor) {
  static final Key<Integer> FAILURES = Key.integer("breaker.failures", 10, 0, 1_000_000);
  static final Key<Duration> OPEN_FOR = Key.duration("breaker.openFor", "5s", "1ms", "10m");
}
