package dev.rollcall.bus.bridge;

import dev.rollcall.access.browsers.Origins;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.budgets.AddressShare;
import dev.rollcall.budgets.AddressShares;
import dev.rollcall.budgets.InboundBudget;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.budgets.OutboundBudget;
import dev.rollcall.config.BridgeSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the instances of the bridge in a process share: the settings, the count of sockets in all
 * and by client, and the meters. Safe for use by all threads.
 */
public final class BridgeLimits {

  /** Why this side closes a socket. */
  enum CloseReason {
    SLOW(1008, "too much is left unread"),
    UNKNOWN(1008, "who is there was not said in time"),
    REVOKED(1008, "the credential holds no longer"),
    IDLE(1008, "nothing was heard for too long"),
    TOO_LARGE(1009, "a message is too large"),
    MALFORMED(1002, "what was sent can't be read as messages"),
    NO_TEXT(1007, "text that is not UTF-8"),
    CROWDED(1013, "there are too many sockets"),
    FULL(1013, "too many large messages are on their way"),
    LATE(1008, "a large message was not whole in time"),
    ENDING(1001, "this node is ending");

    private final int code;
    private final String reason;

    CloseReason(int code, String reason) {
      this.code = code;
      this.reason = reason;
    }

    int code() {
      return code;
    }

    /** What the client is told, in ASCII without quotes. */
    String reason() {
      return reason;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final OutboundBudget budget;
  private final InboundBudget inbound;
  private final LargeFrames largeFrames;
  private final BridgeSettings settings;
  private final BridgeAddresses addresses;
  private final Origins origins;
  private final AtomicInteger sockets = new AtomicInteger();
  private final AddressShares clients = new AddressShares(AddressShare.OVER_BUS);
  private final Counter received;
  private final Counter sent;
  private final Counter slowedDown;
  private final Counter turnedAway;
  private final Map<BridgeRefusal, Counter> refused = new EnumMap<>(BridgeRefusal.class);
  private final Map<CloseReason, Counter> cut = new EnumMap<>(CloseReason.class);

  /**
   * Limits without sockets.
   *
   * @param budget of what is on its way to clients, shared with the other transports
   * @param inbound of what requests hold in memory, shared with the other transports
   * @param registry for the meters named {@code rollcall.bridge.…}
   */
  public BridgeLimits(
      BridgeSettings settings,
      OutboundBudget budget,
      InboundBudget inbound,
      MeterRegistry registry) {
    this.budget = budget;
    this.inbound = inbound;
    // A buffer that grows has room for as much again.
    this.largeFrames = new LargeFrames(inbound.limit() / 2, 2L * settings.limits().messageLimit());
    this.settings = settings;
    this.addresses = new BridgeAddresses(settings);
    this.origins = new Origins(settings.origins());
    Gauge.builder("rollcall.bridge.sockets", this, BridgeLimits::sockets)
        .description("open sockets of the bridge")
        .register(registry);
    Gauge.builder("rollcall.bridge.large.frames", largeFrames, LargeFrames::coming)
        .description("large frames of which a part has come")
        .register(registry);
    received = messages(registry, "in");
    sent = messages(registry, "out");
    slowedDown =
        Counter.builder("rollcall.bridge.slowed")
            .description("how often a client sent faster than it may, and was read more slowly")
            .register(registry);
    turnedAway =
        Counter.builder("rollcall.bridge.turned.away")
            .description("clients that found no socket free")
            .register(registry);
    for (BridgeRefusal why : BridgeRefusal.values()) {
      refused.put(
          why,
          Counter.builder("rollcall.bridge.refused")
              .description("messages of clients that were refused")
              .tag("reason", why.word())
              .register(registry));
    }
    for (CloseReason why : CloseReason.values()) {
      cut.put(
          why,
          Counter.builder("rollcall.bridge.cut")
              .description("sockets that were closed by this side")
              .tag("reason", why.word())
              .register(registry));
    }
  }

  private static Counter messages(MeterRegistry registry, String direction) {
    return Counter.builder("rollcall.bridge.messages")
        .description("messages from clients (in) and to them (out)")
        .tag("direction", direction)
        .register(registry);
  }

  OutboundBudget budget() {
    return budget;
  }

  BridgeSettings settings() {
    return settings;
  }

  LargeFrames largeFrames() {
    return largeFrames;
  }

  BridgeAddresses addresses() {
    return addresses;
  }

  /** The origins whose pages may use the bridge, beside those that may use all of HTTP. */
  public Origins origins() {
    return origins;
  }

  public int sockets() {
    return sockets.get();
  }

  boolean isFull(ClientAddress client) {
    BridgeSettings.Limits limits = settings.limits();
    boolean full =
        sockets.get() >= limits.sockets()
            || clients.connections(client) >= limits.socketsPerClient();
    if (full) {
      turnedAway.increment();
    }
    return full;
  }

  /** Counts a socket in; null, and nothing counted, when there are too many. */
  @Nullable AddressShare enter(ClientAddress client) {
    BridgeSettings.Limits limits = settings.limits();
    boolean all = sockets.incrementAndGet() <= limits.sockets();
    AddressShare share = all ? clients.connect(client, limits.socketsPerClient()) : null;
    if (share == null) {
      sockets.decrementAndGet();
      turnedAway.increment();
    }
    return share;
  }

  void leave(AddressShare share) {
    clients.disconnect(share);
    sockets.decrementAndGet();
  }

  /** The share that holds what a socket at this address has asked; its refusals are told here. */
  InboundShare inbound(AddressShare share) {
    return new InboundShare(inbound, share, InboundShare.FREE, null);
  }

  void received() {
    received.increment();
  }

  void sent() {
    sent.increment();
  }

  void slowedDown() {
    slowedDown.increment();
  }

  void refused(BridgeRefusal why) {
    Objects.requireNonNull(refused.get(why)).increment();
  }

  void cut(CloseReason why) {
    Objects.requireNonNull(cut.get(why)).increment();
  }
}
