package dev.rollcall.bus.bridge;

import dev.rollcall.config.BridgeSettings;
import dev.rollcall.operations.Operation;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.TraceContext;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which addresses and headers the bridge lets through.
 *
 * <p>An address is compared as a whole: a pattern that is too wide would let everything through.
 */
final class BridgeAddresses {

  private static final String OURS = "rollcall.";

  /** The headers that clients may send to our addresses; the others are for nodes. */
  private static final Set<String> CALLERS =
      Set.of(
          Addresses.DEADLINE_MS,
          Addresses.REQUEST_ID,
          TraceContext.TRACEPARENT,
          TraceContext.TRACESTATE,
          TraceContext.BAGGAGE,
          "if-match",
          "if-none-match",
          "idempotency-key");

  /** The headers by which nodes ask each other for what no client can do. */
  private static final Set<String> AMONG_NODES = Set.of(Addresses.EXCHANGE, Addresses.ANSWER);

  /** The headers that say who sends: the client's to the bridge, and the bridge's to others. */
  private static final Set<String> OF_THE_BRIDGE =
      Set.of(Addresses.AUTHORIZATION, Addresses.CALLER, Addresses.CALLER_SCOPES);

  private static final Set<String> HEARING =
      Stream.of(
              Operation.SET_PASSWORD,
              Operation.VERIFY_PASSWORD,
              Operation.START_JOB,
              Operation.CANCEL_JOB)
          .map(Operation::address)
          .collect(Collectors.toUnmodifiableSet());

  private final Set<String> inbound;
  private final Set<String> outbound;

  BridgeAddresses(BridgeSettings settings) {
    this.inbound = Set.copyOf(settings.inbound());
    this.outbound = Set.copyOf(settings.outbound());
  }

  /** Whether an address is one of ours, which take JSON as text. */
  static boolean isOurs(String address) {
    return address.startsWith(OURS);
  }

  /**
   * Whether calls there are counted or logged by client, whose IP address goes along in a header.
   */
  static boolean hearsOfClients(String address) {
    return HEARING.contains(address);
  }

  boolean maySend(String address) {
    return inbound.contains(address);
  }

  /** Never to ours: every instance on every node would do the same work. */
  boolean mayPublish(String address) {
    return inbound.contains(address) && !isOurs(address);
  }

  boolean mayListen(String address) {
    return outbound.contains(address);
  }

  static boolean passesIn(String address, String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return isOurs(address) ? CALLERS.contains(name) : !OF_THE_BRIDGE.contains(name);
  }

  static boolean passesOut(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return !AMONG_NODES.contains(name) && !name.startsWith(Addresses.FORWARDED);
  }
}
