package dev.rollcall;

import static org.awaitility.Awaitility.await;

import dev.rollcall.cluster.FreePorts;
import dev.rollcall.store.postgres.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Three nodes that share a PostgreSQL of their own, which waits for the disk. Each keeps its
 * addresses when it is started again, as it would behind a name.
 */
final class DrillCluster implements AutoCloseable {

  static final int NODES = 3;

  private static final int PORTS = 3;

  private final Path folder;
  private final DrillSite site;
  private final HeldUpstream upstream;
  private final UnaryOperator<RollcallProcess.Launch> more;

  /** Of each node: members, HTTP, management. */
  private final List<Integer> ports = FreePorts.find(PORTS * NODES);

  private final List<RollcallProcess> nodes = new ArrayList<>();
  private EmbeddedPostgres database;
  private int loads;

  private DrillCluster(Path folder, DrillSite site, UnaryOperator<RollcallProcess.Launch> more)
      throws IOException {
    this.folder = folder;
    this.site = site;
    this.more = more;
    this.upstream = new HeldUpstream(site.services());
    this.database = startDatabase(0);
    if (!site.isLoopback()) {
      admitNodes();
    }
  }

  /** Starts the database and all nodes, and waits until each serves and sees the others. */
  static DrillCluster start(Path folder, DrillSite site) throws IOException {
    return start(folder, site, launch -> launch);
  }

  /**
   * The same.
   *
   * @param more settings and flags of each node
   */
  static DrillCluster start(Path folder, DrillSite site, UnaryOperator<RollcallProcess.Launch> more)
      throws IOException {
    DrillCluster cluster = new DrillCluster(folder, site, more);
    try {
      for (int i = 0; i < NODES; i++) {
        cluster.nodes.add(cluster.launch(i));
      }
      cluster.awaitWhole();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private EmbeddedPostgres startDatabase(int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("listen_addresses", site.isLoopback() ? "localhost" : "*")
            .setDataDirectory(folder.resolve("data"))
            .setCleanDataDirectory(false);
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** By itself it lets in nobody but this machine. */
  private void admitNodes() throws IOException {
    Files.writeString(
        folder.resolve("data/pg_hba.conf"),
        "\nhost all all all trust\n",
        StandardOpenOption.APPEND);
    PostgresServer.execute(databaseUri("127.0.0.1"), "SELECT pg_reload_conf()");
  }

  private String databaseUri(String host) {
    return "postgresql://postgres:postgres@" + host + ":" + database.getPort() + "/postgres";
  }

  /** The source is served by all nodes, and its URL says which one asked. */
  private RollcallProcess launch(int node) throws IOException {
    String members =
        String.join(
            ",",
            IntStream.range(0, NODES)
                .mapToObj(i -> site.cluster(i) + ":" + ports.get(PORTS * i))
                .toList());
    RollcallProcess.Launch launch =
        RollcallProcess.in(Files.createDirectories(folder.resolve("node" + node)))
            .by(site.enter(node));
    return more.apply(launch)
        .without("store.path")
        .set("store.kind", "postgres")
        .set("store.uri", databaseUri(site.services()))
        .set("store.tls", "disable")
        .set("cluster.members", members)
        .set("cluster.host", site.cluster(node))
        .set("cluster.network", site.isLoopback() ? "untrusted" : "private")
        .set("cluster.port", Integer.toString(ports.get(PORTS * node)))
        .set("http.host", site.front(node))
        .set("management.host", site.front(node))
        .set("http.port", Integer.toString(ports.get(PORTS * node + 1)))
        .set("management.port", Integer.toString(ports.get(PORTS * node + 2)))
        .set("log.access", "false")
        .set("shutdown.wait", "1s")
        // The last node has no sources of its own, and asks the others.
        .set("deploy.sources", node == NODES - 1 ? "0" : "1")
        .set("sources.fast.http", upstream.url("/fast/" + node + "/{id}"))
        .set("sources.fast.timeout", "3s")
        .set("views.fast.sources", "fast")
        .set("views.fast.required", "fast")
        .set("views.fast.deadline", "4s")
        .launch("--cluster");
  }

  /** The first of a million ids that no load had before, nor any user that got its id from here. */
  int reserveIds() {
    return ++loads * 1_000_000;
  }

  RollcallProcess node(int number) {
    return nodes.get(number);
  }

  /** Where the nodes serve users. */
  List<URI> http() {
    return addresses(1);
  }

  /** Where the nodes tell how they are, in the same order. */
  List<URI> management() {
    return addresses(2);
  }

  private List<URI> addresses(int kind) {
    return IntStream.range(0, NODES)
        .mapToObj(i -> URI.create("http://" + site.front(i) + ":" + ports.get(PORTS * i + kind)))
        .toList();
  }

  RollcallClient client(int node) {
    return new RollcallClient(http().get(node));
  }

  /** How many answers of the source a node has fetched. */
  long fetched(int node) {
    return upstream.answered("/fast/" + node + "/");
  }

  /** Starts a node that has ended. */
  void restart(int node) throws IOException {
    nodes.get(node).close();
    nodes.set(node, launch(node));
  }

  /** Waits until all nodes are ready and see each other. */
  void awaitWhole() {
    for (RollcallProcess node : nodes) {
      await().until(() -> isReady(node) && size(node) == NODES);
    }
  }

  static boolean isReady(RollcallProcess node) {
    return node.operator().send("GET", "/health/ready").statusCode() == 200;
  }

  /** Waits until a node sees so many nodes, itself included. */
  void awaitSize(int node, int size) {
    await().until(() -> size(nodes.get(node)) == size);
  }

  /** How many nodes a node sees. */
  static int size(RollcallProcess node) {
    return node.operator()
        .send("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rollcall_cluster_nodes "))
        .map(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** What the nodes that run have logged of trouble. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      String node = "node " + i + ": ";
      nodes.get(i).out().stream()
          .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
          .limit(50)
          .forEach(line -> warnings.add(node + line));
    }
    return warnings;
  }

  void stopDatabase() throws IOException {
    database.close();
  }

  void startDatabaseAgain() throws IOException {
    database = startDatabase(database.getPort());
  }

  /** Ends the newest of the nodes' connections to the database. */
  void terminateBackend() {
    PostgresServer.execute(
        databaseUri("127.0.0.1"),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'rollcall' ORDER BY random() LIMIT 1");
  }

  @Override
  public void close() {
    nodes.forEach(RollcallProcess::close);
    upstream.close();
    try {
      database.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
