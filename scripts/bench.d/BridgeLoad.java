import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Asks for users over bridges to the event bus, with a socket for each question that is in flight.
 * The arguments are the ports and the processes of Rollcall and of the floor, and the plan.
 */
public final class BridgeLoad {

  /** Where users are asked for, of both. */
  static final String GET = "rollcall.users.get";

  private static final String QUESTION =
      "{\"type\":\"send\",\"address\":\"" + GET + "\",\"replyAddress\":\"r\",\"body\":{\"id\":";
  private static final String REPLY = "{\"type\":\"rec\"";

  private final List<Promise<Void>> waiting = new ArrayList<>();
  private final List<WebSocket> sockets = new ArrayList<>();

  /** Vert.x closes a client, and its sockets with it, once nothing refers to it any more. */
  private final WebSocketClient client;

  private BridgeLoad(Vertx vertx, int count) {
    client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(count));
  }

  public static void main(String[] args) throws Exception {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    Context context = vertx.getOrCreateContext();
    BusLoad.Plan plan = BusLoad.Plan.of(args);
    try {
      List<BusLoad.Target> targets =
          List.of(
              target(vertx, context, plan, Results.OURS, args[0], args[2]),
              target(vertx, context, plan, "bare", args[1], args[3]));
      BusLoad.run(context, plan, targets);
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
    }
  }

  private static BusLoad.Target target(
      Vertx vertx, Context context, BusLoad.Plan plan, String name, String port, String process)
      throws Exception {
    BridgeLoad load = new BridgeLoad(vertx, plan.inFlight());
    Promise<Void> opened = Promise.promise();
    context.runOnContext(
        turn -> load.open(Integer.parseInt(port), plan.inFlight()).onComplete(opened));
    opened.future().await(60, TimeUnit.SECONDS);
    return new BusLoad.Target(name, Long.parseLong(process), load::ask);
  }

  private Future<Void> open(int port, int count) {
    return Future.all(
            IntStream.range(0, count)
                .mapToObj(
                    place ->
                        client
                            .connect(port, "127.0.0.1", "/eventbus/websocket")
                            .onSuccess(this::opened))
                .toList())
        .mapEmpty();
  }

  private void opened(WebSocket socket) {
    int place = sockets.size();
    sockets.add(socket);
    waiting.add(Promise.promise());
    // Rollcall replies in frames of text, and vertx-web in binary ones.
    socket.handler(reply -> heard(place, reply.toString()));
    socket.closeHandler(closed -> waiting.get(place).tryFail("a socket was closed"));
  }

  private Future<Void> ask(int place, int user) {
    Promise<Void> reply = Promise.promise();
    waiting.set(place, reply);
    sockets.get(place).writeTextMessage(QUESTION + user + "}}").onFailure(reply::tryFail);
    return reply.future();
  }

  private void heard(int place, String text) {
    if (text.startsWith(REPLY)) {
      waiting.get(place).tryComplete();
    } else {
      waiting.get(place).tryFail(text);
    }
  }
}
