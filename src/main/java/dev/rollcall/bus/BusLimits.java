package dev.rollcall.bus;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.TimerTable;
import dev.rollcall.budgets.AddressShare;
import dev.rollcall.budgets.InboundBudget;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.config.BusSettings;
import dev.rollcall.tracing.Tracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the instances of a process share that serve over the event bus: the limits of messages in
 * flight and of their bytes, and the meters.
 *
 * <p>Safe for use by all threads. Made once, before the first {@link BusVerticle}.
 */
public final class BusLimits {

  /** Above all codes of replies, which are those of HTTP. */
  private static final int CODES = 600;

  private final OutboundBudget budget;
  private final InboundBudget inbound;

  /** Messages of all senders have the share of one address. */
  private final AddressShare received = new AddressShare(ClientAddress.BUS, AddressShare.OVER_BUS);

  private final @Nullable Tracing tracing;
  private final int inFlightLimit;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Counter refused;
  private final MeterRegistry registry;
  private final Map<String, TimerTable> timers = new ConcurrentHashMap<>();

  /**
   * Limits with nothing in flight.
   *
   * @param budget of what is on its way to clients, shared with the other transports
   * @param inbound of what requests hold in memory, shared with the other transports
   * @param registry for the meters named {@code rollcall.bus.…}
   * @param tracing null where nothing is traced
   */
  public BusLimits(
      BusSettings settings,
      OutboundBudget budget,
      InboundBudget inbound,
      MeterRegistry registry,
      @Nullable Tracing tracing) {
    this.budget = budget;
    this.inbound = inbound;
    this.tracing = tracing;
    inFlightLimit = settings.inFlightLimit();
    this.registry = registry;
    refused =
        Counter.builder("rollcall.bus.refused")
            .description("messages turned away at the limit of those in flight, or of their bytes")
            .register(registry);
    Gauge.builder("rollcall.bus.in.flight", this, BusLimits::inFlight)
        .description("messages at work")
        .register(registry);
  }

  public int inFlight() {
    return inFlight.get();
  }

  /** What begins spans; null where nothing is traced. */
  @Nullable Tracing tracing() {
    return tracing;
  }

  OutboundBudget budget() {
    return budget;
  }

  /** What one message holds of the bytes in memory. */
  InboundShare inbound() {
    return new InboundShare(inbound, received, InboundShare.FREE, refused);
  }

  /** How long messages took to this address, by code; to be kept, not looked up for each one. */
  TimerTable timers(String address) {
    return timers.computeIfAbsent(
        address,
        name ->
            new TimerTable(
                registry,
                CODES,
                code ->
                    Timer.builder("rollcall.bus.requests")
                        .description("from a message's arrival to its reply")
                        .tags("address", name, "code", Integer.toString(code))));
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
