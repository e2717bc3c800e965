package dev.rollcall.budgets;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Budgets of what is received, for tests. */
public final class InboundBudgets {

  private InboundBudgets() {}

  /** One that no test comes near. */
  public static InboundBudget roomy() {
    return new InboundBudget(1L << 30, new SimpleMeterRegistry());
  }
}
