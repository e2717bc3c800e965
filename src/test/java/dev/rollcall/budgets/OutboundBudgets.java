package dev.rollcall.budgets;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** Budgets for tests. */
public final class OutboundBudgets {

  private OutboundBudgets() {}

  /** One that no test comes near. */
  public static OutboundBudget roomy() {
    return of(1L << 30, Duration.ofSeconds(2), new SimpleMeterRegistry());
  }

  /** One of so many bytes, for which one may wait for so long. */
  public static OutboundBudget of(long limit, Duration patience, MeterRegistry registry) {
    return new OutboundBudget(limit, patience, 1 << 20, registry);
  }
}
