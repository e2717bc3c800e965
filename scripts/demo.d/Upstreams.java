import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * The services that the demo asks, each on a free port of its own. Three answer with what they know
 * of the user, as many milliseconds later as {@code delay} says; the others fail when they are told
 * to, by a PUT of {@code ill} or {@code well}.
 */
public final class Upstreams {

  private static final List<String> PLANS = List.of("free", "team", "company");
  private static final List<String> ITEMS = List.of("desk", "lamp", "chair", "shelf", "clock");

  private Upstreams() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    start(vertx, "DEMO_ACCOUNT", Upstreams::account);
    start(vertx, "DEMO_ORDERS", Upstreams::orders);
    start(vertx, "DEMO_LOYALTY", Upstreams::loyalty);
    for (String name : List.of("DEMO_PRICES", "DEMO_STOCK_A", "DEMO_STOCK_B")) {
      AtomicBoolean ill = new AtomicBoolean();
      listen(vertx, name, request -> answerOrFail(request, ill));
    }
    System.out.println("Ready at the addresses above");
  }

  private static void answerOrFail(HttpServerRequest request, AtomicBoolean ill) {
    if (request.method() == HttpMethod.PUT) {
      ill.set(request.path().equals("/ill"));
      request.response().end();
    } else if (ill.get()) {
      request.response().setStatusCode(500).end();
    } else {
      request.response().putHeader("Content-Type", "application/json").end("{\"left\":7}");
    }
  }

  /** Prints the address as the assignment of a variable, for the script to read. */
  private static void start(Vertx vertx, String variable, LongFunction<Object> answers)
      throws Exception {
    listen(vertx, variable, request -> answer(vertx, request, answers));
  }

  private static void listen(Vertx vertx, String variable, Handler<HttpServerRequest> handler)
      throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(handler)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get()
            .actualPort();
    System.out.println(variable + "=http://127.0.0.1:" + port);
  }

  private static void answer(Vertx vertx, HttpServerRequest request, LongFunction<Object> answers) {
    String user = request.getParam("user", request.path().replaceAll(".*/", ""));
    Object answer = answers.apply(Long.parseLong(user));
    Runnable send =
        () ->
            request.response().putHeader("Content-Type", "application/json").end(answer.toString());
    long delay = Long.parseLong(request.getParam("delay"));
    if (delay == 0) {
      send.run();
      return;
    }
    // Whoever asked may have what it wanted from another by then, and be gone.
    long timer = vertx.setTimer(delay, ended -> send.run());
    request.response().exceptionHandler(gone -> vertx.cancelTimer(timer));
  }

  private static JsonObject account(long user) {
    Random random = new Random(user);
    return JsonObject.of(
        "plan", PLANS.get(random.nextInt(PLANS.size())), "since", 2015 + random.nextInt(10));
  }

  private static JsonArray orders(long user) {
    Random random = new Random(user);
    JsonArray orders = new JsonArray();
    for (int i = 0; i < 1 + random.nextInt(2); i++) {
      String item = ITEMS.get(random.nextInt(ITEMS.size()));
      orders.add(JsonObject.of("item", item, "price", 20 + random.nextInt(400)));
    }
    return orders;
  }

  private static JsonObject loyalty(long user) {
    int points = new Random(user).nextInt(5000);
    return JsonObject.of("points", points, "level", points < 2000 ? "silver" : "gold");
  }
}
