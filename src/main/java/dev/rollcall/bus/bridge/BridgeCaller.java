package dev.rollcall.bus.bridge;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scope;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import dev.rollcall.operations.Operation;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who the client of a socket is, and what it may do there. A browser can't send a credential with
 * the request that opens a socket, so the first message may bring it. Belongs to the event loop of
 * the socket.
 */
final class BridgeCaller {

  /** How long a client may take to say who it is, in nanoseconds. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private static final Map<String, Operation> OPERATIONS =
      Arrays.stream(Operation.values())
          .filter(each -> each.address() != null)
          .collect(
              Collectors.toUnmodifiableMap(
                  each -> Objects.requireNonNull(each.address()), Function.identity()));

  private static final String SOURCES = Addresses.source("");

  private final Authentication authentication;
  private final WrongCredentials wrong;
  private final ClientAddress address;
  private final long openedAt = System.nanoTime();

  /** Null until the client has said who it is. */
  private @Nullable Principal principal;

  /**
   * The client of a socket that has just opened.
   *
   * @param wrong slows those whose credentials do not hold
   * @param address where the client is
   * @param opener who asked for the socket; nobody where that was not said
   */
  BridgeCaller(
      Authentication authentication,
      WrongCredentials wrong,
      ClientAddress address,
      Principal opener) {
    this.authentication = authentication;
    this.wrong = wrong;
    this.address = address;
    this.principal = opener == Principal.NOBODY ? null : opener;
  }

  /**
   * Takes a credential of a message, as the field {@code Authorization} has it.
   *
   * @return mostly complete already; fails where it does not hold, later and later where many from
   *     this address did not, or where it is another caller's
   */
  Future<Principal> identify(String credential) {
    return wrong
        .slowDown(authentication.identify(List.of(credential)), address)
        .compose(this::become);
  }

  private Future<Principal> become(Principal now) {
    Principal before = principal;
    if (before != null && !Objects.equals(before.name(), now.name())) {
      return Future.failedFuture(
          Failure.of(Kind.FORBIDDEN, "this socket is another caller's; open one of your own"));
    }
    principal = now;
    return Future.succeededFuture(now);
  }

  /** What it is called; null where that is not known, or nobody is asked. */
  @Nullable String name() {
    Principal known = principal;
    return known == null ? null : known.name();
  }

  /** Why the socket is to be closed; null while it is not. */
  @Nullable CloseReason ended(long now) {
    Principal known = principal;
    if (known == null) {
      return now - openedAt > PATIENCE ? CloseReason.UNKNOWN : null;
    }
    return known.holds() ? null : CloseReason.REVOKED;
  }

  /** Refuses a message to an address that the client may not send to. */
  void requireSending(BridgeMessage message) throws BridgeMessage.Refused {
    Principal known = known(message);
    Operation operation = OPERATIONS.get(message.address());
    try {
      if (operation == null) {
        known.require("bus:" + message.address());
      } else {
        // Which view or job is asked for is looked at where it is served.
        operation.admit(known);
      }
    } catch (Failure missing) {
      throw message.refusal(BridgeRefusal.ACCESS_DENIED, missing.detail());
    }
  }

  /** Refuses to let a client listen where it may not. */
  void requireListening(BridgeMessage message) throws BridgeMessage.Refused {
    Principal known = known(message);
    String address = message.address();
    String scope =
        address.equals(Addresses.USERS_CHANGED)
            ? Scope.USERS_READ.text()
            : address.startsWith(SOURCES)
                ? "source:" + address.substring(SOURCES.length())
                : "bus:" + address;
    try {
      known.require(scope);
    } catch (Failure missing) {
      throw message.refusal(BridgeRefusal.ACCESS_DENIED, missing.detail());
    }
  }

  private Principal known(BridgeMessage message) throws BridgeMessage.Refused {
    Principal known = principal;
    if (known == null || !known.holds()) {
      throw message.refusal(BridgeRefusal.NOT_LOGGED_IN, BridgeRefusal.NOT_LOGGED_IN.sentence());
    }
    return known;
  }

  /** Says who sends a message, in headers that clients can't set. */
  void sign(DeliveryOptions options) {
    Principal known = principal;
    if (known != null && known.name() != null) {
      options.addHeader(Addresses.CALLER, known.name());
      options.addHeader(Addresses.CALLER_SCOPES, known.scopes().toString());
    }
  }
}
