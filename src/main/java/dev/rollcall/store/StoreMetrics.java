package dev.rollcall.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the store tells about itself. Safe for use by all threads. */
public final class StoreMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final MeterRegistry registry;
  private final Timer commits;
  private final DistributionSummary rows;
  private final Counter failures;
  private final Timer reads;

  /** Registers the meters named {@code rollcall.store.…}. */
  public StoreMetrics(MeterRegistry registry) {
    this.registry = registry;
    commits =
        Timer.builder("rollcall.store.commits")
            .description("Transactions of the writer, from their first write to their commit")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    rows =
        DistributionSummary.builder("rollcall.store.commit.writes")
            .description("How many writes shared a transaction")
            .serviceLevelObjectives(1, 4, 16, 64, 256, 576)
            .register(registry);
    failures =
        Counter.builder("rollcall.store.commit.failures")
            .description("Transactions that were lost")
            .register(registry);
    reads =
        Timer.builder("rollcall.store.reads")
            .description("Reads that went to the file, without their time in the queue")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  /** A transaction of so many writes was committed, so long after its first one. */
  public void committed(long nanos, int writes) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    rows.record(writes);
  }

  /** A transaction was lost. */
  public void failed() {
    failures.increment();
  }

  /** A read took so long, without its time in the queue. */
  public void read(long nanos) {
    reads.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Has a number of the store's read whenever somebody asks for it. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder("rollcall.store." + name, value).description(description).register(registry);
  }
}
