package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.bus.bridge.WireSocket;
import dev.rollcall.users.Awaiting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients of the bridge of one process, and some that mean it no good.
 *
 * <p>{@code rollcall.bridge.seconds} says for how long users are written.
 */
class BridgeIT {

  private static final int CLIENTS = 200;
  private static final int RATE = 100;
  private static final String PLAIN = "/eventbus/websocket";
  private static final String LISTEN =
      "{\"type\":\"register\",\"address\":\"rollcall.users.changed\",\"replyAddress\":\"ready\"}";

  @TempDir Path folder;

  private final int seconds = Integer.getInteger("rollcall.bridge.seconds", 4);

  private RollcallProcess start(String... sets) {
    RollcallProcess.Launch launch =
        RollcallProcess.in(folder).set("bus.bridge.enabled", "true").set("log.access", "false");
    for (int i = 0; i < sets.length; i += 2) {
      launch.set("bus.bridge." + sets[i], sets[i + 1]);
    }
    return launch.start();
  }

  /** What one client has been told, by seq. */
  private static final class Listener {
    private final Set<Long> seqs = ConcurrentHashMap.newKeySet();
    private volatile boolean ready;
    private volatile boolean closed;

    private void listen(WebSocket socket) {
      socket.closeHandler(end -> closed = true);
      socket.textMessageHandler(this::heard);
    }

    private void heard(String text) {
      JsonObject message = new JsonObject(text);
      if (message.getString("address").equals("ready")) {
        ready = true;
      } else {
        seqs.add(message.getJsonObject("body").getLong("seq"));
      }
    }
  }

  @Test
  void eachOfManyClientsSeesEveryChangeAndTheOneThatReadsNothingIsCutOff() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RollcallProcess running = start("pingInterval", "1s", "pingTimeout", "8s");
        WireSocket deaf = new WireSocket(running.http().getPort(), PLAIN)) {
      deaf.text(LISTEN).next(WireSocket.TEXT);
      List<Listener> listeners = listen(vertx, running.http().getPort());
      long before = residentKib(running);

      int written = write(running);

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> listeners.stream().allMatch(each -> each.seqs.size() >= written));
      assertThat(listeners).noneMatch(each -> each.closed);
      assertThat(listeners).allMatch(each -> each.seqs.equals(listeners.get(0).seqs));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> metric(running, "rollcall_bridge_sockets") == CLIENTS);
      assertThat(deaf.ends()).isTrue();
      double cut =
          metric(running, "rollcall_bridge_cut_total{reason=\"idle\"}")
              + metric(running, "rollcall_bridge_cut_total{reason=\"slow\"}");
      assertThat(cut).isEqualTo(1);
      long after = residentKib(running);
      System.out.printf(
          Locale.ROOT,
          "bridge: %d clients, %d changes each, %d to %d KiB resident%n",
          CLIENTS,
          written,
          before,
          after);
      assertThat(after - before).as("resident memory that was added, in KiB").isLessThan(150_000);
    } finally {
      Awaiting.await(vertx.close());
    }
  }

  private static List<Listener> listen(Vertx vertx, int port) {
    WebSocketClient client =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CLIENTS));
    List<Listener> listeners = new ArrayList<>();
    List<Future<?>> opened = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Listener listener = new Listener();
      listeners.add(listener);
      opened.add(
          client
              .connect(port, "127.0.0.1", PLAIN)
              .onSuccess(listener::listen)
              .compose(socket -> socket.writeTextMessage(LISTEN)));
    }
    Awaiting.await(Future.all(opened));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> listeners.stream().allMatch(each -> each.ready));
    return listeners;
  }

  /** Writes users at an even rate, and says how many. */
  private int write(RollcallProcess running) {
    RollcallClient client = running.client();
    int count = seconds * RATE;
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      assertThat(client.sendJson("POST", "/users", "{\"name\":\"User\"}").statusCode())
          .isEqualTo(201);
      long due = begun + TimeUnit.SECONDS.toNanos(i + 1) / RATE;
      LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
    }
    return count;
  }

  @Test
  void framesOf100MegabytesAndTenThousandRegistrationsAreRefusedAndCostNothing() throws Exception {
    try (RollcallProcess running = start("rate", "100000", "handlers", "100")) {
      int port = running.http().getPort();
      refuseRegistrations(port, 2_000);
      refuseLargeFrame(port);
      long before = residentKib(running);
      refuseRegistrations(port, 10_000);
      for (int i = 0; i < 10; i++) {
        refuseLargeFrame(port);
      }
      long after = residentKib(running);
      System.out.printf(
          Locale.ROOT, "bridge: 1 GB in 10 frames, %d to %d KiB resident%n", before, after);
      assertThat(after - before).as("resident memory that was added, in KiB").isLessThan(50_000);
      assertThat(metric(running, "rollcall_bridge_cut_total{reason=\"too-large\"}")).isEqualTo(11);
      assertThat(running.client().send("GET", "/users").statusCode()).isEqualTo(200);
    }
  }

  private static void refuseRegistrations(int port, int count) throws IOException {
    try (WireSocket socket = new WireSocket(port, PLAIN)) {
      socket.text(LISTEN);
      assertThat(socket.next(WireSocket.TEXT).text()).contains("\"rec\"");
      for (int i = 1; i < count; i++) {
        socket.text(LISTEN);
        assertThat(socket.next(WireSocket.TEXT).text()).contains("address_already_registered");
      }
    }
  }

  private static void refuseLargeFrame(int port) throws IOException {
    try (WireSocket socket = new WireSocket(port, PLAIN)) {
      int left = 100 << 20;
      socket.head(WireSocket.TEXT, true, left);
      assertThat(socket.next(WireSocket.CLOSE).code()).isEqualTo(1009);
      byte[] piece = new byte[1 << 20];
      try {
        for (; left > 0; left -= piece.length) {
          socket.bytes(piece);
        }
      } catch (IOException e) {
        // It is closed by the other side, sooner or later.
      }
    }
  }

  private static double metric(RollcallProcess running, String name) {
    return running
        .operator()
        .send("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  private static long residentKib(RollcallProcess running) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + running.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
