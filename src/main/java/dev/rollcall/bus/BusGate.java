package dev.rollcall.bus;

import dev.rollcall.base.OutboundBudget;
import dev.rollcall.config.BusSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all instances of a process share that serve over the event bus: the limit, what counts
 * against it, and the meters.
 *
 * <p>Safe for use by all threads. Made once, before the first {@link BusVerticle}.
 */
public final class BusGate {

  private final OutboundBudget budget;
  private final int inFlightLimit;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Counter refused;
  private final CallMeters meters;

  /**
   * A gate with nothing in flight.
   *
   * @param budget for what is on its way to clients, shared with the other transports
   * @param registry where the meters named {@code rollcall.bus.…} are kept
   */
  public BusGate(BusSettings settings, OutboundBudget budget, MeterRegistry registry) {
    this.budget = budget;
    inFlightLimit = settings.inFlightLimit();
    meters = new CallMeters(registry);
    refused =
        Counter.builder("rollcall.bus.refused")
            .description("messages turned away at the limit of those in flight")
            .register(registry);
    Gauge.builder("rollcall.bus.in.flight", this, BusGate::inFlight)
        .description("messages at work")
        .register(registry);
  }

  /** Messages at work now. */
  public int inFlight() {
    return inFlight.get();
  }

  OutboundBudget budget() {
    return budget;
  }

  CallMeters meters() {
    return meters;
  }

  /** Counts a message in; false, and nothing counted, when there are too many. */
  boolean enter() {
    if (inFlight.incrementAndGet() > inFlightLimit) {
      inFlight.decrementAndGet();
      refused.increment();
      return false;
    }
    return true;
  }

  void leave() {
    inFlight.decrementAndGet();
  }
}
