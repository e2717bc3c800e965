import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches a view of three sources from one node, and from the first of two and of three, which
 * share a PostgreSQL as {@code scripts/cluster} starts them. Where there are others, the first has
 * no sources of its own and asks them.
 */
final class NodesCase implements Bench.Case {

  private static final int USERS = 2_000;
  private static final int CONNECTIONS = 64;
  private static final int MOST = 3;
  private static final String TEST = "nodes";
  private static final String VIEW = "/users/{id}/views/profile";

  private static final long START_LIMIT = TimeUnit.MINUTES.toNanos(2);
  private static final Pattern FIRST = Pattern.compile("NODE1=http://127\\.0\\.0\\.1:(\\d+) ");

  /** What scripts/cluster says last before it waits. */
  private static final String STARTED = "Ctrl-C";

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            TEST
                + ": fanout at one node, and at the first of two and three, whose sources the"
                + " others ask; all share the machine with their databases, the upstream and wrk");
    Placement placement = Placement.defaults();
    List<Rounds.Entrant> clusters = new ArrayList<>();
    try (Server upstream = bench.fleet().upstream(placement, 0)) {
      for (int nodes = 1; nodes <= MOST; nodes++) {
        clusters.add(new Rounds.Entrant(start(bench, nodes, upstream), VIEW, 1));
      }
      measure(bench, placement, clusters);
    } finally {
      clusters.forEach(cluster -> cluster.server().close());
    }
  }

  private static Server start(Bench bench, int nodes, Server upstream)
      throws IOException, InterruptedException {
    bench.say("%s: starting a cluster of %d", TEST, nodes);
    Map<String, String> environment =
        Map.of(
            "CLUSTER_ARGS",
            view(upstream),
            "CLUSTER_ARGS_1",
            nodes == 1 ? "" : "--set deploy.sources=0");
    List<String> command = List.of("scripts/cluster", "--nodes", Integer.toString(nodes));
    Path log = bench.fleet().log("cluster");
    Program program = Program.start(command, environment, "", log);
    try {
      int port = awaitFirst(program);
      Seeds.importInto("http://127.0.0.1:" + port, USERS, log.resolveSibling("users.ndjson"));
      return new Server(nodes == 1 ? Results.OURS : nodes + " nodes", program, port, 0);
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

  private static int awaitFirst(Program program) throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (!program.output().contains(STARTED)) {
      if (!program.alive() || System.nanoTime() - began > START_LIMIT) {
        throw new IOException("scripts/cluster does not start:\n" + program.tail());
      }
      Thread.sleep(50);
    }
    Matcher first = FIRST.matcher(program.output());
    if (!first.find()) {
      throw new IOException("scripts/cluster does not say where its nodes are: " + program.tail());
    }
    return Integer.parseInt(first.group(1));
  }

  private static void measure(Bench bench, Placement placement, List<Rounds.Entrant> clusters)
      throws IOException, InterruptedException {
    Rounds.Script script = Ids.inTurn(USERS).asked(bench.fleet());
    for (Rounds.Entrant cluster : clusters) {
      bench.say("%s: warming up %s", TEST, cluster.server().name());
      load(bench, placement, cluster, script, bench.warmLeastSeconds());
    }
    List<Rounds.Entrant> order = new ArrayList<>(clusters);
    for (int round = 1; round <= bench.rounds(); round++) {
      for (Rounds.Entrant cluster : order) {
        Wrk.Outcome outcome = load(bench, placement, cluster, script, bench.loadSeconds());
        String name = cluster.server().name();
        if (outcome.bad() > 0) {
          bench
              .results()
              .fail(
                  String.format(
                      Locale.ROOT, "%s: %d bad answers of %s", TEST, outcome.bad(), name));
        }
        Map<Metric, Double> sample =
            Map.of(
                Metric.requests_per_second, outcome.rate(),
                Metric.p50_ms, outcome.p50(),
                Metric.p99_ms, outcome.p99());
        bench.results().add(TEST, placement.loops(), CONNECTIONS, name, sample);
        bench.say("%s, round %d: %s: %s", TEST, round, name, Metric.show(sample));
      }
      Collections.rotate(order, 1);
    }
  }

  private static Wrk.Outcome load(
      Bench bench, Placement placement, Rounds.Entrant cluster, Rounds.Script script, int seconds)
      throws IOException, InterruptedException {
    String url = cluster.server().url(VIEW.replace("{id}", "1"));
    Path log = bench.fleet().log("wrk");
    return Wrk.start(placement, CONNECTIONS, seconds, url, log, script.next(cluster)).await();
  }
}
