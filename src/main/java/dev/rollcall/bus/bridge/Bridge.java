package dev.rollcall.bus.bridge;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.clients.ClientAddresses;
import dev.rollcall.access.clients.WrongCredentials;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.budgets.AddressShare;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import io.vertx.ext.web.handler.sockjs.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The event bus over WebSockets: plain ones at {@code /eventbus/websocket}, and SockJS' at {@code
 * /eventbus} for Vert.x' own client.
 *
 * <p>vertx-web's SockJS carries the messages. Its other transports are disabled, since nothing
 * bounds the messages that they keep for a client, and so is all else that it would serve. There is
 * one bridge for each instance of the HTTP server, on its event loop.
 */
public final class Bridge {

  /** The path below which everything of it is. */
  public static final String PATH = "/eventbus";

  private static final String OPENER = "opener";
  private static final String PLAIN = PATH + "/websocket";
  private static final String INFO = PATH + "/info";

  /** What SockJS clients make up: a number, and a name for the session. */
  private static final Pattern SOCK_JS =
      Pattern.compile(PATH + "/[\\w-]{1,32}/[\\w-]{1,64}/websocket");

  /**
   * The bounds of how often timeouts of sockets are checked, in milliseconds, and whether who is
   * there may still be.
   */
  private static final long SELDOM = 250;

  private static final long OFTEN = 25;

  private final Vertx vertx;
  private final BridgeLimits limits;
  private final Authentication authentication;
  private final ClientAddresses addresses;
  private final WrongCredentials wrong;
  private final Router router;
  private final Set<BridgeSession> sessions = new HashSet<>();
  private boolean ended;

  /** Who asks for what the router is given now; it calls its first route at once. */
  private Principal opener = Principal.NOBODY;

  /**
   * A bridge without sockets, to be made on the event loop that it is for.
   *
   * @param limits one for all instances
   * @param authentication finds out who clients are
   * @param addresses tells clients apart
   * @param wrong slows those whose credentials do not hold
   */
  public Bridge(
      Vertx vertx,
      BridgeLimits limits,
      Authentication authentication,
      ClientAddresses addresses,
      WrongCredentials wrong) {
    this.vertx = vertx;
    this.limits = limits;
    this.authentication = authentication;
    this.addresses = addresses;
    this.wrong = wrong;
    this.router = router();
    long often = limits.settings().pingInterval().toMillis() / 4;
    vertx.setPeriodic(Math.max(OFTEN, Math.min(SELDOM, often)), turn -> listen());
  }

  private Router router() {
    SockJSHandlerOptions options = new SockJSHandlerOptions().setInsertJSESSIONID(false);
    for (Transport transport : Transport.values()) {
      if (transport != Transport.WEBSOCKET) {
        options.addDisabledTransport(transport.toString());
      }
    }
    Router made = Router.router(vertx);
    made.route(PATH + "/*").handler(this::keepOrigin);
    made.route(PATH + "/*")
        .subRouter(SockJSHandler.create(vertx, options).socketHandler(this::opened));
    return made;
  }

  /**
   * Keeps what HTTP decided about the page that asks: SockJS would let pages of any origin read its
   * answers. SockJS' clients in browsers ask with credentials, which mean nothing here; but without
   * the server's consent a browser hides the answer, so pages of the bridge's own origins have it.
   */
  private void keepOrigin(RoutingContext context) {
    context.put(OPENER, opener);
    MultiMap headers = context.response().headers();
    String decided = headers.get(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    boolean own = decided != null && limits.origins().list(decided);
    context.addHeadersEndHandler(
        end -> {
          headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
          if (decided != null) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, decided);
          }
          if (!own) {
            headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS);
          }
        });
    context.next();
  }

  /**
   * Takes over a request.
   *
   * @param caller who asks; nobody where the request does not say
   * @return succeeds when the connection has become a socket of the bridge; fails with the {@link
   *     Failure} to answer; never completes where an answer was given
   */
  public Future<Void> enter(HttpServerRequest request, Principal caller) {
    Failure refusal = refusal(request);
    if (refusal != null) {
      return Future.failedFuture(refusal);
    }
    Promise<Void> entered = Promise.promise();
    opener = caller;
    router.handle(new Entering((HttpServerRequestInternal) request, entered));
    return entered.future();
  }

  private @Nullable Failure refusal(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    boolean socket = path.equals(PLAIN) || SOCK_JS.matcher(path).matches();
    if (!socket && !path.equals(INFO)) {
      return Failure.of(Kind.NOT_FOUND, "there is nothing at this path");
    }
    Failure malformed = socket ? BridgeHandshake.fault(request) : null;
    if (malformed != null) {
      return malformed;
    }
    if (ended) {
      return Failure.of(Kind.UNAVAILABLE, CloseReason.ENDING.reason());
    }
    return socket && limits.isFull(client(request))
        ? Failure.of(Kind.UNAVAILABLE, CloseReason.CROWDED.reason())
        : null;
  }

  private ClientAddress client(HttpServerRequest request) {
    return addresses.of(request);
  }

  private void opened(SockJSSocket socket) {
    HttpServerRequest request = socket.routingContext().request();
    boolean sockJs = !PLAIN.equals(request.path());
    ClientAddress client = client(request);
    AddressShare admitted = limits.enter(client);
    BridgeCaller caller =
        new BridgeCaller(
            authentication, wrong, client, socket.routingContext().<Principal>get(OPENER));
    AddressShare share =
        admitted == null ? new AddressShare(client, AddressShare.OVER_BUS) : admitted;
    BridgeSession session = new BridgeSession(vertx, socket, sockJs, limits, share, caller);
    sessions.add(session);
    ((ConnectionBase) request.connection())
        .closeFuture()
        .onComplete(
            closed -> {
              sessions.remove(session);
              session.closed();
              if (admitted != null) {
                limits.leave(admitted);
              }
            });
    if (admitted == null) {
      session.cut(CloseReason.CROWDED);
    } else if (ended) {
      session.cut(CloseReason.ENDING);
    }
  }

  private void listen() {
    long now = System.nanoTime();
    // Some may be closed on the way.
    List.copyOf(sessions).forEach(session -> session.listen(now));
  }

  /**
   * Accepts no more sockets, and closes each once its client has the replies that it waits for.
   *
   * @param drain how long that may take. What is left is closed a little before the server would
   *     close it without a reason.
   */
  public void end(Duration drain) {
    ended = true;
    List.copyOf(sessions).forEach(BridgeSession::leave);
    vertx.setTimer(
        Math.max(1, drain.toMillis() * 9 / 10),
        late -> List.copyOf(sessions).forEach(session -> session.cut(CloseReason.ENDING)));
  }

  /** A request that completes a promise when it has become a socket. */
  private static final class Entering extends HttpServerRequestWrapper {

    private final Promise<Void> entered;

    Entering(HttpServerRequestInternal request, Promise<Void> entered) {
      super(request);
      this.entered = entered;
    }

    @Override
    public Future<ServerWebSocket> toWebSocket() {
      return super.toWebSocket().onSuccess(socket -> entered.tryComplete());
    }
  }
}
