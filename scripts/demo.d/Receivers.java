import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;

/**
 * The receivers of the demo of webhooks, each on a free port of its own: one takes its time, one
 * fails now and then, one can be away. Another port says what each got, in its order, and has one go
 * away or come back.
 */
public final class Receivers {
  /** In milliseconds. */
  private static final long SLOW = 50;

  private static final int FAILS_ONE_IN = 40;

  /** Decides which attempts fail. */
  private static final long SEED = 16;

  private static final Map<String, Receiver> RECEIVERS = new LinkedHashMap<>();

  private Receivers() {}

  public static void main(String[] args) throws IOException {
    RECEIVERS.put("slow", new Receiver(SLOW, false));
    RECEIVERS.put("failing", new Receiver(0, true));
    RECEIVERS.put("away", new Receiver(0, false));
    for (Map.Entry<String, Receiver> each : RECEIVERS.entrySet()) {
      print(each.getKey(), each.getValue().address);
    }
    HttpServer control = HttpServer.create(loopback(), 0);
    control.createContext("/", Receivers::control);
    control.start();
    print("receivers", control.getAddress());
    System.out.println("Ready at the addresses above");
  }

  /** Prints the address as the assignment of a variable, for the script to read. */
  private static void print(String name, InetSocketAddress address) {
    System.out.printf(Locale.ROOT, "DEMO_%S=http://127.0.0.1:%d%n", name, address.getPort());
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** GET /NAME, what it got; PUT /NAME/away and /NAME/back. */
  private static void control(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/");
    Receiver receiver = RECEIVERS.get(path[1]);
    if (path.length == 2) {
      byte[] arrivals = receiver.arrivals().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, arrivals.length);
      exchange.getResponseBody().write(arrivals);
    } else {
      if (path[2].equals("away")) {
        receiver.server.stop(0);
      } else {
        receiver.listen();
      }
      exchange.sendResponseHeaders(200, -1);
    }
    exchange.close();
  }

  private static final class Receiver {
    private final long takes;
    private final boolean fails;
    private final JsonArray arrivals = new JsonArray();
    private final Map<Long, Integer> attempts = new HashMap<>();
    private InetSocketAddress address = loopback();
    private HttpServer server;

    Receiver(long takes, boolean fails) throws IOException {
      this.takes = takes;
      this.fails = fails;
      listen();
    }

    /** At the port that it had before, where it had one. */
    void listen() throws IOException {
      server = HttpServer.create(address, 0);
      address = server.getAddress();
      server.setExecutor(Executors.newCachedThreadPool());
      server.createContext("/", this::receive);
      server.start();
    }

    String arrivals() {
      synchronized (arrivals) {
        return arrivals.encode();
      }
    }

    private void receive(HttpExchange exchange) throws IOException {
      JsonObject data;
      try (InputStream body = exchange.getRequestBody()) {
        data = new JsonObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
      boolean taken = take(exchange.getRequestHeaders().getFirst("webhook-id"), data);
      exchange.sendResponseHeaders(taken ? 204 : 503, -1);
      exchange.close();
    }

    private boolean take(String id, JsonObject body) {
      JsonObject change = body.getJsonObject("data");
      long seq = change.getLong("seq");
      try {
        Thread.sleep(takes);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (arrivals) {
        // By what is the same in each run, which a seq is not.
        long key = change.getLong("id") * 1000 + change.getLong("version");
        int attempt = attempts.merge(key, 1, Integer::sum);
        boolean taken =
            !fails || new SplittableRandom(SEED + key * 1000 + attempt).nextInt(FAILS_ONE_IN) > 0;
        arrivals.add(
            new JsonObject()
                .put("id", id)
                .put("seq", seq)
                .put("user", change.getLong("id"))
                .put("version", change.getLong("version"))
                .put("at", System.currentTimeMillis())
                .put("taken", taken));
        return taken;
      }
    }
  }
}
