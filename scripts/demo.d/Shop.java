import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Random;

/**
 * The services that the demo of the console asks, on one free port: some quick, one slow now and
 * then, one that fails for a while again and again.
 */
public final class Shop {

  /** For so long all is well with loyalty, and then for so long nothing, in milliseconds. */
  private static final long WELL = 18_000;

  private static final long ILL = 10_000;

  private final Vertx vertx = Vertx.vertx();
  private final Random random = new Random(7);
  private final long began = System.currentTimeMillis();

  private Shop() {}

  public static void main(String[] args) throws Exception {
    new Shop().start();
  }

  private void start() throws Exception {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get()
            .actualPort();
    System.out.println("DEMO_SHOP=http://127.0.0.1:" + port);
    System.out.println("Ready at the address above");
  }

  private void answer(HttpServerRequest request) {
    String service = request.path().split("/")[1];
    long moment = (System.currentTimeMillis() - began) % (WELL + ILL);
    boolean fails = service.equals("loyalty") && moment > WELL;
    long timer =
        vertx.setTimer(
            fails ? 5 : delay(service),
            ended -> {
              if (fails) {
                request.response().setStatusCode(500).end();
              } else {
                JsonObject answer =
                    JsonObject.of("from", service, "points", random.nextInt(5000));
                request
                    .response()
                    .putHeader("Content-Type", "application/json")
                    .end(answer.encode());
              }
            });
    // Whoever asked may have what it wanted from another by then, and be gone.
    request.response().exceptionHandler(gone -> vertx.cancelTimer(timer));
  }

  /** In milliseconds; all requests are answered by one event loop. */
  private long delay(String service) {
    return switch (service) {
      case "account" -> between(4, 18);
      case "orders" -> random.nextInt(12) == 0 ? between(220, 900) : between(15, 45);
      case "loyalty" -> between(20, 70);
      case "tax" -> between(30, 90);
      default -> between(10, 110);
    };
  }

  private long between(int least, int most) {
    return least + random.nextInt(most - least);
  }
}
