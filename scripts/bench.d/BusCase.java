import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads users over the event bus: within one process, over the bridge, and in a cluster, each time
 * from Rollcall and from the floor, which is Vert.x with one answer for all.
 */
final class BusCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int IN_FLIGHT = 64;
  private static final String LOCAL = "bus-local";
  private static final String BRIDGE = "bus-bridge";
  private static final String CLUSTER = "bus-cluster";

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            String.format(
                Locale.ROOT,
                "bus: rollcall.users.get, %d in flight; %s: asked on the event loop that serves it,"
                    + " bare is a consumer there that replies a user to whatever it is asked; %s:"
                    + " asked over as many WebSockets, bare is vertx-web's own bridge to such a"
                    + " consumer; %s: asked by another member of the cluster, bare is a third one,"
                    + " of Vert.x alone",
                IN_FLIGHT,
                LOCAL,
                BRIDGE,
                CLUSTER));
    BusPrograms programs = new BusPrograms(bench.fleet(), USERS, plan(bench));
    List<Placement> placements = Placement.all();
    local(bench, programs, placements.get(0));
    for (Placement placement : placements) {
      bridge(bench, programs, placement);
    }
    for (Placement placement : placements) {
      cluster(bench, programs, placement);
    }
  }

  private static BusLoad.Plan plan(Bench bench) {
    return new BusLoad.Plan(
        USERS, IN_FLIGHT, bench.warmLeastSeconds(), bench.rounds(), bench.loadSeconds());
  }

  /** Has one loop whatever others have: the load, Rollcall and the floor share it. */
  private static void local(Bench bench, BusPrograms programs, Placement placement)
      throws IOException, InterruptedException {
    String user;
    try (Server rollcall = bench.fleet().rollcall(placement, USERS)) {
      user = Server.get(rollcall.port(), "/users/1");
    }
    try (Program load = programs.local(placement, user)) {
      collect(bench, LOCAL, 1, load, List.of());
    }
  }

  private static void bridge(Bench bench, BusPrograms programs, Placement placement)
      throws IOException, InterruptedException {
    try (Server rollcall = programs.rollcallWithBridge(placement);
        Server bare = programs.bareBridge(placement, Server.get(rollcall.port(), "/users/1"));
        Program load = programs.bridgeLoad(placement, rollcall, bare)) {
      collect(bench, BRIDGE, placement.loops(), load, List.of(rollcall.program(), bare.program()));
    }
  }

  private static void cluster(Bench bench, BusPrograms programs, Placement placement)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    try (Server rollcall = programs.rollcallInCluster(placement, port);
        Program bare = programs.member(placement, port, Server.get(rollcall.port(), "/users/1"));
        Program load = programs.memberLoad(placement, port, rollcall.program(), bare)) {
      collect(bench, CLUSTER, placement.loops(), load, List.of(rollcall.program(), bare));
    }
  }

  private static void collect(
      Bench bench, String test, int loops, Program load, List<Program> servers)
      throws IOException, InterruptedException {
    BusLoad.Plan plan = plan(bench);
    int seconds = 2 * (plan.warmSeconds() + plan.rounds() * plan.seconds());
    if (load.await(seconds + 120) != 0 || !servers.stream().allMatch(Program::alive)) {
      // What went wrong stands first, before where it did.
      List<String> tails = new ArrayList<>(load.output().lines().limit(8).toList());
      for (Program server : servers) {
        tails.add(server.tail());
      }
      throw new IOException(test + ": the load failed: " + String.join("\n", tails));
    }
    for (String line : load.output().lines().toList()) {
      if (line.matches("(rollcall|bare) [0-9. ]+")) {
        add(bench, test, loops, line.split(" "));
      } else if (line.startsWith("busy ")) {
        bench
            .results()
            .note(String.format(Locale.ROOT, "%s, %d loops: the load was %s", test, loops, line));
      }
    }
  }

  private static void add(Bench bench, String test, int loops, String[] line) {
    Map<Metric, Double> sample =
        new EnumMap<>(
            Map.of(
                Metric.requests_per_second, Double.valueOf(line[1]),
                Metric.p50_ms, Double.valueOf(line[2]),
                Metric.p99_ms, Double.valueOf(line[3])));
    double cpu = Double.parseDouble(line[4]);
    if (cpu > 0) {
      sample.put(Metric.cpu_us_per_request, cpu);
    }
    bench.results().add(test, loops, IN_FLIGHT, line[0], sample);
    bench.say("%s, %d loops: %s: %s", test, loops, line[0], Metric.show(sample));
  }
}
