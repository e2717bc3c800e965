package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rollcall.store.postgres.PostgresServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process that delivers, again and again, while receivers fail at random: each of them
 * takes every change, each user's in their order. {@code -Drollcall.webhook.kills=20} kills more
 * often, {@code -Drollcall.webhook.seed} repeats a run.
 */
@Timeout(900)
class WebhookCrashIT {
  private static final int KILLS = Integer.getInteger("rollcall.webhook.kills", 2);
  private static final long SEED =
      Long.getLong("rollcall.webhook.seed", System.nanoTime() & 0xffff);
  private static final int USERS = 25;
  private static final int WRITES = 100;

  private final Random random = new Random(SEED);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<FailingReceiver> receivers = new ArrayList<>();

  /** What a receiver took, in its order, and what it did not. */
  private static final class FailingReceiver {
    final List<JsonObject> taken = Collections.synchronizedList(new ArrayList<>());
    final Set<String> wrongIds = Collections.synchronizedSet(new HashSet<>());
    final HttpServer server;
    private final Random random;
    private final int failuresIn1000;

    FailingReceiver(ExecutorService threads, long seed, int failuresIn1000) throws IOException {
      this.random = new Random(seed);
      this.failuresIn1000 = failuresIn1000;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", this::receive);
      server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonObject data =
          new JsonObject(new String(body, StandardCharsets.UTF_8)).getJsonObject("data");
      String id = exchange.getRequestHeaders().getFirst("webhook-id");
      if (!id.equals("chg_" + data.getLong("seq"))) {
        wrongIds.add(id);
      }
      boolean fails;
      synchronized (random) {
        fails = random.nextInt(1000) < failuresIn1000;
      }
      if (!fails) {
        taken.add(data);
      }
      exchange.sendResponseHeaders(fails ? 503 : 200, -1);
      exchange.close();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    Set<Long> seqs() {
      synchronized (taken) {
        Set<Long> seqs = new HashSet<>();
        taken.forEach(each -> seqs.add(each.getLong("seq")));
        return seqs;
      }
    }
  }

  @BeforeEach
  void startReceivers() throws IOException {
    for (int failures : List.of(0, 10, 50)) {
      receivers.add(new FailingReceiver(threads, random.nextLong(), failures));
    }
  }

  @AfterEach
  void stopReceivers() {
    receivers.forEach(each -> each.server.stop(0));
    threads.shutdownNow();
  }

  private static HttpResponse<String> send(
      RollcallProcess process, String method, String path, String body) {
    return process.client().sendJson(method, path, body);
  }

  private void declare(RollcallProcess process) {
    for (int i = 0; i < receivers.size(); i++) {
      String body = new JsonObject().put("url", receivers.get(i).url()).put("after", 0).encode();
      assertThat(send(process, "PUT", "/webhooks/w" + i, body).statusCode()).isEqualTo(201);
    }
  }

  private void write(RollcallProcess process) {
    for (int i = 0; i < WRITES; i++) {
      int id = 1 + random.nextInt(USERS);
      String body = "{\"name\":\"A" + random.nextInt(1_000_000) + "\"}";
      assertThat(send(process, "PUT", "/users/" + id, body).statusCode()).isIn(200, 201);
    }
  }

  private Set<Long> feed(RollcallProcess process) {
    Set<Long> seqs = new HashSet<>();
    long after = 0;
    while (true) {
      JsonObject page =
          new JsonObject(
              process.client().send("GET", "/users/changes?limit=100&after=" + after).body());
      if (page.getJsonArray("items").isEmpty()) {
        return seqs;
      }
      page.getJsonArray("items").forEach(each -> seqs.add(((JsonObject) each).getLong("seq")));
      after = page.getLong("next");
    }
  }

  /** Has parked users tried at once, until each receiver has taken everything. */
  private void awaitAll(RollcallProcess process) {
    Set<Long> all = feed(process);
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              for (int i = 0; i < receivers.size(); i++) {
                if (!receivers.get(i).seqs().containsAll(all)) {
                  send(process, "POST", "/webhooks/w" + i + "/resume", "");
                }
              }
              return receivers.stream().allMatch(each -> each.seqs().containsAll(all));
            });
    int sent = 0;
    for (FailingReceiver each : receivers) {
      assertThat(each.seqs()).isEqualTo(all);
      assertThat(each.wrongIds).isEmpty();
      inOrder(each);
      sent += each.taken.size();
    }
    int needed = all.size() * receivers.size();
    System.err.printf(
        Locale.ROOT,
        "seed %d: %d kills, %d deliveries needed, %d sent again (%.2f %%)%n",
        SEED,
        KILLS,
        needed,
        sent - needed,
        100.0 * (sent - needed) / needed);
  }

  /** Where something is sent again after a crash, what follows it is too. */
  private static void inOrder(FailingReceiver receiver) {
    Map<Long, Long> newest = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    synchronized (receiver.taken) {
      for (JsonObject each : receiver.taken) {
        long seq = each.getLong("seq");
        if (seen.add(seq)) {
          assertThat(seq)
              .as("first time")
              .isGreaterThan(newest.getOrDefault(each.getLong("id"), 0L));
          newest.put(each.getLong("id"), seq);
        }
      }
    }
  }

  private RollcallProcess.Launch launch(Path folder) {
    return RollcallProcess.in(folder)
        .set("log.access", "false")
        .set("webhooks.allow", "127.0.0.0/8");
  }

  @Test
  void withSqliteNothingIsLostHoweverOftenTheProcessIsKilled(@TempDir Path folder) {
    RollcallProcess process = launch(folder).start();
    try {
      declare(process);
      for (int i = 0; i < KILLS; i++) {
        write(process);
        process.kill();
        process = launch(folder).start();
      }
      awaitAll(process);
    } finally {
      process.close();
    }
  }

  @Test
  void ofTwoNodesWithPostgresAnotherGoesOn(@TempDir Path one, @TempDir Path two) {
    String uri = PostgresServer.fresh("webhook_crash");
    List<Path> folders = List.of(one, two);
    List<RollcallProcess> nodes = new ArrayList<>();
    try {
      for (Path folder : folders) {
        nodes.add(onPostgres(folder, uri));
      }
      declare(nodes.get(0));
      for (int i = 0; i < KILLS; i++) {
        write(nodes.get(i % 2));
        nodes.get(i % 2).kill();
        nodes.set(i % 2, onPostgres(folders.get(i % 2), uri));
      }
      awaitAll(nodes.get(0));
    } finally {
      nodes.forEach(RollcallProcess::close);
    }
  }

  private RollcallProcess onPostgres(Path folder, String uri) {
    return launch(folder)
        .without("store.path")
        .set("store.kind", "postgres")
        .env("ROLLCALL_STORE_URI", uri)
        .start();
  }
}
