package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.bus.bridge.BridgeGate.Cut;
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
 * The way to the event bus for those who are not on it: WebSockets, plain ones at {@code
 * /eventbus/websocket}, and SockJS' at {@code /eventbus} for Vert.x' own client.
 *
 * <p>vertx-web's SockJS carries the messages; its other transports are closed, since they keep a
 * client's messages where nothing bounds them, and so is whatever else it would serve. One for each
 * instance of the HTTP server, on whose event loop it lives.
 */
public final class Bridge {

  /** Below which it is. */
  public static final String PATH = "/eventbus";

  private static final String PLAIN = PATH + "/websocket";
  private static final String INFO = PATH + "/info";

  /** As SockJS clients make it up: a number, and a name for the session. */
  private static final Pattern SOCK_JS =
      Pattern.compile(PATH + "/[\\w-]{1,32}/[\\w-]{1,64}/websocket");

  /** How often sockets are looked after, in milliseconds: so late is what has a time. */
  private static final long SELDOM = 1_000;

  private static final long OFTEN = 25;

  private final Vertx vertx;
  private final BridgeGate gate;
  private final Router router;
  private final Set<BridgeSession> sessions = new HashSet<>();
  private boolean ended;

  /**
   * A bridge without sockets, to be made on the event loop that it is for.
   *
   * @param gate one for all instances
   */
  public Bridge(Vertx vertx, BridgeGate gate) {
    this.vertx = vertx;
    this.gate = gate;
    this.router = router();
    long often = gate.settings().pingInterval().toMillis() / 4;
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
   * answers. Its clients in browsers ask with credentials, which means nothing here, but without
   * the consent to it a browser keeps the answer from them; pages of the bridge's own origins have
   * it.
   */
  private void keepOrigin(RoutingContext context) {
    MultiMap headers = context.response().headers();
    String decided = headers.get(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
    boolean own = decided != null && gate.origins().list(decided);
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
   * Takes a request over.
   *
   * @return succeeds when the connection has become a socket of the bridge; fails with the {@link
   *     Failure} that is to be answered; stays open where an answer was given
   */
  public Future<Void> enter(HttpServerRequest request) {
    Failure refusal = refusal(request);
    if (refusal != null) {
      return Future.failedFuture(refusal);
    }
    Promise<Void> entered = Promise.promise();
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
      return Failure.of(Kind.UNAVAILABLE, Cut.ENDING.reason());
    }
    return socket && gate.isFull(client(request))
        ? Failure.of(Kind.UNAVAILABLE, Cut.CROWDED.reason())
        : null;
  }

  private static ClientAddress client(HttpServerRequest request) {
    return ClientAddress.of(request.remoteAddress());
  }

  private void opened(SockJSSocket socket) {
    HttpServerRequest request = socket.routingContext().request();
    boolean sockJs = !PLAIN.equals(request.path());
    ClientAddress client = client(request);
    boolean admitted = gate.enter(client);
    String address = String.valueOf(request.remoteAddress().hostAddress());
    BridgeSession session = new BridgeSession(vertx, socket, sockJs, gate, address);
    sessions.add(session);
    ((ConnectionBase) request.connection())
        .closeFuture()
        .onComplete(
            closed -> {
              sessions.remove(session);
              session.closed();
              if (admitted) {
                gate.leave(client);
              }
            });
    if (!admitted) {
      session.cut(Cut.CROWDED);
    } else if (ended) {
      session.cut(Cut.ENDING);
    }
  }

  private void listen() {
    long now = System.nanoTime();
    // Some may be cut off on the way.
    List.copyOf(sessions).forEach(session -> session.listen(now));
  }

  /**
   * Takes no more sockets, and closes each once its client has had the replies it waits for.
   *
   * @param drain how long that may take. Those that are left are closed a little before, since the
   *     server would not tell them why.
   */
  public void end(Duration drain) {
    ended = true;
    List.copyOf(sessions).forEach(BridgeSession::leave);
    vertx.setTimer(
        Math.max(1, drain.toMillis() * 9 / 10),
        late -> List.copyOf(sessions).forEach(session -> session.cut(Cut.ENDING)));
  }

  /** A request that tells when it has become a socket. */
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
