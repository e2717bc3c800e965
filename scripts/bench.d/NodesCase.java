import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Reads users, and fetches a view of three sources, from one node, from two and from three, which
 * share a PostgreSQL as {@code scripts/cluster} starts them. Each node has a part of a processor
 * once it is warm, and clients of its own: so nodes are machines of a size, and more of them are
 * more machines, where otherwise all would share those of the load.
 */
final class NodesCase implements Bench.Case {

  private static final int USERS = 2_000;

  /** Of the clients of each node. */
  private static final int CONNECTIONS = 64;

  private static final int MOST = 3;
  private static final double PROCESSORS = 0.25;

  private static final long START_LIMIT = TimeUnit.MINUTES.toNanos(2);

  /** Not at the beginning of a line, where Maven may have left codes of a terminal before it. */
  private static final Pattern NODE =
      Pattern.compile("NODE\\d=http://127\\.0\\.0\\.1:(\\d+) .* process (\\d+)");

  /** What scripts/cluster says last before it waits. */
  private static final String STARTED = "Ctrl-C";

  /** What is asked of each node. */
  private enum Test {
    get("/users/{id}"),
    fanout("/users/{id}/views/profile");

    private final String path;

    Test(String path) {
      this.path = path;
    }
  }

  private record Node(int port, long pid) {}

  private record Cluster(Program program, List<Node> nodes) {
    String name() {
      return nodes.size() == 1 ? Results.OURS : nodes.size() + " nodes";
    }
  }

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    Optional<String> lacking = CpuQuota.lacking();
    if (lacking.isPresent()) {
      bench.results().note("skipped: nodes, since " + lacking.get());
      return;
    }
    bench
        .results()
        .note(
            String.format(
                Locale.ROOT,
                "nodes-*: one node, two and three, each with %.2f of a processor once it is warm"
                    + " and %d connections; the database, the upstream and wrk have the rest",
                PROCESSORS,
                CONNECTIONS));
    List<Cluster> clusters = new ArrayList<>();
    List<CpuQuota> quotas = new ArrayList<>();
    try (Server upstream = bench.fleet().upstream(Placement.defaults(), 0)) {
      for (int nodes = 1; nodes <= MOST; nodes++) {
        clusters.add(start(bench, nodes, upstream));
      }
      Rounds.Script script = Ids.inTurn(USERS).asked(bench.fleet());
      for (Cluster cluster : clusters) {
        bench.say("nodes: warming up %s", cluster.name());
        for (Test test : Test.values()) {
          warmUp(bench, cluster, test, script);
        }
        for (Node node : cluster.nodes()) {
          quotas.add(CpuQuota.give(node.pid(), PROCESSORS));
        }
      }
      for (Test test : Test.values()) {
        measure(bench, clusters, test, script);
      }
    } finally {
      // A bounded process would take long to end.
      quotas.forEach(CpuQuota::close);
      clusters.forEach(cluster -> cluster.program().close());
    }
  }

  private static Cluster start(Bench bench, int nodes, Server upstream)
      throws IOException, InterruptedException {
    bench.say("nodes: starting a cluster of %d", nodes);
    Map<String, String> environment = Map.of("CLUSTER_ARGS", view(upstream));
    List<String> command = List.of("scripts/cluster", "--nodes", Integer.toString(nodes));
    Path log = bench.fleet().log("cluster");
    Program program = Program.start(command, environment, "", log);
    try {
      Cluster cluster = new Cluster(program, awaitNodes(program));
      String first = "http://127.0.0.1:" + cluster.nodes().get(0).port();
      Seeds.importInto(first, USERS, log.resolveSibling("users.ndjson"));
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /** The same view as in fanout, in words without spaces. */
  private static String view(Server upstream) {
    StringBuilder arguments = new StringBuilder();
    for (String source : List.of("account", "order", "loyalty")) {
      String path = source.equals("loyalty") ? "/loyalty/{id}" : "/" + source + "s/{id}";
      arguments.append(
          String.format(
              Locale.ROOT,
              "--set sources.%1$s.http=%2$s --set sources.%1$s.inFlight=512 ",
              source,
              upstream.url(path)));
    }
    String all = "account,order,loyalty";
    return arguments
        + String.format(
            Locale.ROOT, "--set views.profile.sources=%1$s --set views.profile.required=%1$s", all);
  }

  private static List<Node> awaitNodes(Program program) throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!program.output().contains(STARTED)) {
      if (!program.alive() || System.nanoTime() - began > START_LIMIT) {
        throw new IOException("scripts/cluster does not start:\n" + program.tail());
      }
      Thread.sleep(50);
    }
    List<Node> nodes =
        NODE.matcher(program.output())
            .results()
            .map(node -> new Node(Integer.parseInt(node.group(1)), Long.parseLong(node.group(2))))
            .toList();
    if (nodes.isEmpty()) {
      throw new IOException("scripts/cluster does not say where its nodes are: " + program.tail());
    }
    return nodes;
  }

  private static void measure(
      Bench bench, List<Cluster> clusters, Test test, Rounds.Script script)
      throws IOException, InterruptedException {
    String name = "nodes-" + test;
    List<Cluster> order = new ArrayList<>(clusters);
    for (int round = 1; round <= bench.rounds(); round++) {
      for (Cluster cluster : order) {
        double cpu = cpuMicros(cluster);
        List<Wrk.Outcome> outcomes = load(bench, cluster, test, script, bench.loadSeconds());
        double used = cpuMicros(cluster) - cpu;
        long bad = outcomes.stream().mapToLong(Wrk.Outcome::bad).sum();
        if (bad > 0) {
          bench
              .results()
              .fail(
                  String.format(
                      Locale.ROOT, "%s: %d bad answers of %s", name, bad, cluster.name()));
        }
        Map<Metric, Double> sample =
            Map.of(
                Metric.requests_per_second,
                outcomes.stream().mapToDouble(Wrk.Outcome::rate).sum(),
                Metric.cpu_us_per_request,
                used / outcomes.stream().mapToLong(Wrk.Outcome::requests).sum(),
                Metric.p99_ms,
                outcomes.stream().mapToDouble(Wrk.Outcome::p99).max().orElseThrow());
        int loops = Placement.defaults().loops();
        bench.results().add(name, loops, CONNECTIONS, cluster.name(), sample);
        bench.say("%s, round %d: %s: %s", name, round, cluster.name(), Metric.show(sample));
      }
      Collections.rotate(order, 1);
    }
  }

  /** Nodes of a cluster share the processors meanwhile, so that more of them take longer. */
  private static void warmUp(Bench bench, Cluster cluster, Test test, Rounds.Script script)
      throws IOException, InterruptedException {
    double before = Double.MAX_VALUE;
    int least = bench.warmLeastSeconds() * cluster.nodes().size();
    for (int seconds = 0; seconds < 3 * least; seconds += bench.warmSeconds()) {
      double cpu = cpuMicros(cluster);
      List<Wrk.Outcome> outcomes = load(bench, cluster, test, script, bench.warmSeconds());
      double perRequest =
          (cpuMicros(cluster) - cpu) / outcomes.stream().mapToLong(Wrk.Outcome::requests).sum();
      if (seconds + bench.warmSeconds() >= least && perRequest > Rounds.WARM * before) {
        return;
      }
      before = perRequest;
    }
  }

  private static double cpuMicros(Cluster cluster) throws IOException {
    double sum = 0;
    for (Node node : cluster.nodes()) {
      sum += Program.cpuMicros(node.pid());
    }
    return sum;
  }

  /** Loads all nodes at once, each by a wrk of its own. */
  private static List<Wrk.Outcome> load(
      Bench bench, Cluster cluster, Test test, Rounds.Script script, int seconds)
      throws IOException, InterruptedException {
    List<Wrk> loads = new ArrayList<>();
    for (Node node : cluster.nodes()) {
      Server server = new Server(cluster.name(), cluster.program(), node.port(), 0);
      List<String> asked = script.next(new Rounds.Entrant(server, test.path, 1));
      String url = server.url(test.path.replace("{id}", "1"));
      Path log = bench.fleet().log("wrk");
      loads.add(Wrk.start(Placement.defaults(), CONNECTIONS, seconds, url, log, asked));
    }
    List<Wrk.Outcome> outcomes = new ArrayList<>();
    for (Wrk load : loads) {
      outcomes.add(load.await());
    }
    return outcomes;
  }
}
