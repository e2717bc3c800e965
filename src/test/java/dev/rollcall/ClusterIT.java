package dev.rollcall;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.cluster.FreePorts;
import dev.rollcall.cluster.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a cluster, each a process of its own: joining, sharing work, getting lost, leaving. */
@Timeout(180)
class ClusterIT {

  /** What a node that is lost may take to be missed, with some for a busy machine. */
  private static final Duration MISSED = Duration.ofSeconds(6);

  /** Between one answer and the next question of the load. */
  private static final Duration PAUSE = Duration.ofMillis(2);

  /** How often a cancellation is timed. */
  private static final int ROUNDS = 5;

  @TempDir Path folder;

  private HeldUpstream upstream;
  private List<Integer> ports;
  private final List<RollcallProcess> nodes = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    upstream = new HeldUpstream();
    ports = FreePorts.find(3);
  }

  @AfterEach
  void end() {
    nodes.forEach(RollcallProcess::close);
    upstream.close();
  }

  /** A node with one view that is answered and one that is held, by sources that name the node. */
  private RollcallProcess.Launch node(String name, int port) throws IOException {
    List<String> members = ports.stream().map(each -> "127.0.0.1:" + each).toList();
    return RollcallProcess.in(Files.createDirectories(folder.resolve(name)))
        .set("cluster.members", String.join(",", members))
        .set("cluster.port", Integer.toString(port))
        .set("log.access", "false")
        .set("deploy.eventLoops", "2")
        .set("sources.fast.http", upstream.url("/fast/" + name + "/{id}"))
        .set("sources.fast.timeout", "3s")
        .set("views.fast.sources", "fast")
        .set("views.fast.required", "fast")
        .set("views.fast.deadline", "4s")
        .set("sources.held.http", upstream.url("/held/" + name + "/{id}"))
        .set("sources.held.timeout", "20s")
        .set("views.held.sources", "held")
        .set("views.held.deadline", "30s");
  }

  private RollcallProcess launch(RollcallProcess.Launch launch) {
    RollcallProcess node = launch.launch("--cluster");
    nodes.add(node);
    return node;
  }

  /** Waits until a node is ready and sees so many nodes. */
  private static void awaitNodes(int count, RollcallProcess... all) {
    try {
      for (RollcallProcess node : all) {
        await().until(() -> readiness(node).statusCode() == 200 && nodes(node) == count);
      }
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(Stream.of(all).map(ClusterIT::told).collect(joining("\n")), e);
    }
  }

  /** What there is to be known about a node. */
  private static String told(RollcallProcess node) {
    List<String> log = new ArrayList<>(node.out());
    log.addAll(node.err());
    String state =
        node.isAlive()
            ? String.format(Locale.ROOT, "sees %d nodes, %s", nodes(node), readiness(node).body())
            : "has ended";
    return String.format(
        Locale.ROOT, "process %d %s%n%s", node.pid(), state, String.join("\n", log));
  }

  private static HttpResponse<String> readiness(RollcallProcess node) {
    return node.operator().send("GET", "/health/ready");
  }

  private static int nodes(RollcallProcess node) {
    return node.operator()
        .send("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rollcall_cluster_nodes "))
        .map(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode view(RollcallProcess node, String path, String... headers) {
    return RollcallClient.json(node.client().send("GET", path, headers)).get("sources");
  }

  private static void createUser(RollcallProcess node) {
    createUser(node, 1);
  }

  private static void createUser(RollcallProcess node, int id) {
    assertThat(node.client().sendJson("PUT", "/users/" + id, "{\"name\":\"A\"}").statusCode())
        .isEqualTo(201);
  }

  private static long millisSince(long start, long end) {
    return TimeUnit.NANOSECONDS.toMillis(end - start);
  }

  @Test
  void aViewsSourcesMayRunOnAnotherNodeAndStopThereWhenNobodyWaits() throws Exception {
    RollcallProcess asking = launch(node("a", ports.get(0)).set("deploy.sources", "0"));
    RollcallProcess owning = launch(node("b", ports.get(1)).set("deploy.http", "0"));
    awaitNodes(2, asking, owning);
    assertThat(owning.out()).anyMatch(line -> line.contains("Ready without HTTP"));
    // Each has a file here, which is told.
    await().until(() -> warnsOfOtherOwners(asking) && warnsOfOtherOwners(owning));
    createUser(asking);

    JsonNode fast = view(asking, "/users/1/views/fast").get("fast");
    assertThat(fast.get("status").asText()).as(fast.toString()).isEqualTo("ok");
    assertThat(fast.get("value").toString()).isEqualTo("{\"ok\":true}");
    assertThat(upstream.answered("/fast/b/")).isEqualTo(1);

    List<Long> late = new ArrayList<>();
    List<Long> left = new ArrayList<>();
    for (int user = 2; user < 2 + 2 * ROUNDS; user += 2) {
      late.add(millisPastTheDeadline(asking, user));
      left.add(millisAfterHangingUp(asking, user + 1));
    }
    System.out.printf(
        Locale.ROOT,
        "cancelled on the other node: %s ms after the deadline, %s ms after hanging up%n",
        late,
        left);
    for (List<Long> millis : List.of(late, left)) {
      // Some ms on an idle machine; one that is busy may stand still for a moment.
      assertThat(millis).allMatch(each -> -50 <= each && each < 2000);
      assertThat(millis.stream().sorted().toList().get(ROUNDS / 2)).isLessThan(500);
    }
  }

  private static boolean warnsOfOtherOwners(RollcallProcess node) {
    return node.out().stream().anyMatch(line -> line.contains("keeps users of its own"));
  }

  /** Between a view's deadline and the end of the exchange that it had another node make. */
  private long millisPastTheDeadline(RollcallProcess asking, int user) {
    createUser(asking, user);
    String path = "/users/" + user + "/views/held";
    long began = System.nanoTime();
    JsonNode late = view(asking, path, "Rollcall-Deadline-Ms", "700").get("held");
    assertThat(late.get("status").asText()).isEqualTo("timeout");
    HeldUpstream.Held held = upstream.awaitHeld("/held/b/" + user);
    assertThat(Long.parseLong(held.header("Rollcall-Deadline-Ms"))).isBetween(1L, 699L);
    return millisSince(began, held.awaitEnd()) - 700;
  }

  /** Between a caller's hanging up and the same. */
  private long millisAfterHangingUp(RollcallProcess asking, int user) throws IOException {
    createUser(asking, user);
    String request = "GET /users/" + user + "/views/held HTTP/1.1\r\nHost: localhost\r\n\r\n";
    HeldUpstream.Held held;
    long left;
    try (Socket caller = new Socket(asking.http().getHost(), asking.http().getPort())) {
      caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      held = upstream.awaitHeld("/held/b/" + user);
      left = System.nanoTime();
    }
    return millisSince(left, held.awaitEnd());
  }

  @Test
  void aNodeThatIsAloneLoadsNothingOfTheClusterManager() throws IOException {
    Path loaded = folder.resolve("loaded.log");
    RollcallProcess alone =
        RollcallProcess.in(folder)
            .set("cluster.members", "127.0.0.1:" + ports.get(0))
            .jvm("-Xlog:class+load:file=" + loaded)
            .start();
    nodes.add(alone);
    assertThat(readiness(alone).statusCode()).isEqualTo(200);
    assertThat(nodes(alone)).isEqualTo(1);
    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains("dev.rollcall.cluster.Node"))
        .noneMatch(line -> line.contains("com.hazelcast") || line.contains("cluster.Membership"));
  }

  @Test
  void aPortThatIsTakenIsOneClearLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      RollcallProcess ended = node("a", taken.getLocalPort()).run("--cluster");
      assertThat(ended.awaitExit()).isEqualTo(1);
      assertThat(ended.err())
          .singleElement()
          .asString()
          .startsWith("cannot start: can't join a cluster on cluster.host 127.0.0.1, cluster.port ")
          .contains(Integer.toString(taken.getLocalPort()));
    }
  }

  /** Asks one node for a view some hundred times a second, until it is closed. */
  private static final class Load implements AutoCloseable {
    private final RollcallProcess node;
    private final List<String> failures = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean over;
    private volatile long answers;
    private volatile long lastFailure = System.nanoTime();

    Load(RollcallProcess node) {
      this.node = node;
      thread.start();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void run() {
      while (!over) {
        HttpResponse<String> answer = node.client().send("GET", "/users/1/views/fast");
        if (answer.statusCode() == 200) {
          answers++;
        } else {
          lastFailure = System.nanoTime();
          synchronized (failures) {
            failures.add(answer.body());
          }
        }
        // Without a pause it would take a whole processor from the nodes.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }

    /** Waits until so many more were answered. */
    void awaitAnswers(int more) {
      long until = answers + more;
      await().until(() -> answers >= until);
    }

    List<String> failures() {
      synchronized (failures) {
        return List.copyOf(failures);
      }
    }

    @Override
    public void close() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void nodesThatFreezeDieOrLeaveCostNoAnswerOnceTheyAreMissed() throws Exception {
    RollcallProcess asking = launch(node("a", ports.get(0)).set("deploy.sources", "0"));
    RollcallProcess staying = launch(node("b", ports.get(1)).set("shutdown.wait", "1s"));
    RollcallProcess unlucky = launch(node("c", ports.get(2)));
    awaitNodes(3, asking, staying, unlucky);
    createUser(asking);

    try (Load load = new Load(asking)) {
      load.awaitAnswers(100);
      assertThat(upstream.answered("/fast/b/")).isPositive();
      assertThat(upstream.answered("/fast/c/")).isPositive();
      freezeAndThaw(unlucky, asking, load);
    }
    try (Load load = new Load(asking)) {
      load.awaitAnswers(100);
      unlucky.kill();
      await().until(() -> nodes(asking) == 2);
      load.awaitAnswers(100);
      assertThat(load.failures()).as("after the kill").isEmpty();
    }
    RollcallProcess again = launch(node("c", ports.get(2)));
    awaitNodes(3, asking, staying, again);
    long before = upstream.answered("/fast/c/");
    try (Load load = new Load(asking)) {
      await().until(() -> upstream.answered("/fast/c/") > before);
      staying.terminate();
      await().until(() -> readiness(staying).statusCode() == 503);
      // It still serves then, and others count on it.
      assertThat(nodes(staying)).isEqualTo(3);
      assertThat(staying.awaitExit()).isZero();
      await().until(() -> nodes(asking) == 2);
      load.awaitAnswers(100);
      assertThat(load.failures()).as("after one has left").isEmpty();
    }
    assertThat(staying.out()).last().asString().endsWith(" closed");
    assertThat(staying.out()).noneMatch(line -> line.contains("did not close"));
  }

  private void freezeAndThaw(RollcallProcess frozen, RollcallProcess asking, Load load)
      throws Exception {
    long froze = System.nanoTime();
    frozen.freeze();
    await().until(() -> nodes(asking) == 2);
    await().until(() -> System.nanoTime() - froze > MISSED.plusSeconds(2).toNanos());
    load.awaitAnswers(50);
    assertThat(load.lastFailure - froze)
        .as("none once it is missed: %s", load.failures())
        .isLessThan(MISSED.toNanos());

    long served = upstream.answered("/fast/c/");
    long thawed = System.nanoTime();
    frozen.thaw();
    await().until(() -> nodes(asking) == 3 && nodes(frozen) == 3);
    await().until(() -> upstream.answered("/fast/c/") > served);
    long backAfter = millisSince(thawed, System.nanoTime());
    assertThat(backAfter).isLessThan(15_000);
    assertThat(load.lastFailure)
        .as("none since the node went on: %s", load.failures())
        .isLessThan(thawed);
    System.out.printf(
        Locale.ROOT,
        "frozen: %d failures, the last %d ms after; back with its addresses %d ms after thawing%n",
        load.failures().size(),
        millisSince(froze, load.lastFailure),
        backAfter);
  }

  private static RollcallProcess.Launch secured(
      RollcallProcess.Launch launch, TestAuthority authority, String node) {
    return launch
        .set("cluster.tls.certificate", authority.certificate(node).toString())
        .set("cluster.tls.key", authority.key(node).toString())
        .set("cluster.tls.trust", authority.trust().toString());
  }

  @Test
  void withTlsNodesOfOneAuthorityTalkAndOthersAreKeptOut() throws Exception {
    TestAuthority ours = TestAuthority.create(folder.resolve("ours")).sign("a").sign("b");
    TestAuthority foreign = TestAuthority.create(folder.resolve("foreign")).sign("c");
    int busPort = FreePorts.findOne();
    RollcallProcess asking =
        launch(secured(node("a", ports.get(0)).set("deploy.sources", "0"), ours, "a"));
    RollcallProcess owning =
        launch(
            secured(node("b", ports.get(1)), ours, "b")
                .set("cluster.busPort", Integer.toString(busPort)));
    awaitNodes(2, asking, owning);
    createUser(asking);
    JsonNode fast = view(asking, "/users/1/views/fast").get("fast");
    assertThat(fast.get("status").asText()).as(fast.toString()).isEqualTo("ok");
    assertThat(upstream.answered("/fast/b/")).isEqualTo(1);

    for (int port : List.of(ports.get(1), busPort)) {
      assertThat(accepts(port, ours.client(ours, "a"))).as("a node's certificate").isTrue();
      assertThat(accepts(port, ours.client(foreign, "c"))).as("another authority's").isFalse();
      assertThat(accepts(port, ours.client(null, ""))).as("no certificate").isFalse();
      assertThat(accepts(port, foreign.client(ours, "a")))
          .as("to one that trusts others")
          .isFalse();
    }
  }

  /** Whether a port takes a connection over TLS and keeps it. Neither port says anything first. */
  private static boolean accepts(int port, SSLContext context) throws IOException {
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(700);
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException kept) {
      return true;
    } catch (SSLException | SocketException refused) {
      return false;
    }
  }
}
