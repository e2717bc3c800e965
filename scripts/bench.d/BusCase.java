import java.io.IOException;
import java.util.Map;

/**
 * Reads users over the event bus of a cluster, from Rollcall and from a member of the same cluster
 * that has one answer for all.
 */
final class BusCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int IN_FLIGHT = 64;
  private static final String TEST = "bus";

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            TEST
                + ": rollcall.users.get asked by another member of the cluster, %d in flight;"
                    .formatted(IN_FLIGHT)
                + " bare is a third member, of Vert.x alone, that replies a user to whatever it is"
                + " asked");
    for (Placement placement : Placement.all()) {
      run(bench, placement);
    }
  }

  private static void run(Bench bench, Placement placement)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    try (Server rollcall = bench.fleet().rollcallInCluster(placement, USERS, port);
        Program bare =
            bench.fleet().busMember(placement, port, Server.get(rollcall.port(), "/users/1"));
        Program load =
            bench
                .fleet()
                .busLoad(
                    placement,
                    port,
                    USERS,
                    IN_FLIGHT,
                    bench.warmLeastSeconds(),
                    bench.rounds(),
                    bench.loadSeconds())) {
      int seconds = 2 * (bench.warmLeastSeconds() + bench.rounds() * bench.loadSeconds());
      if (load.await(seconds + 120) != 0 || !bare.alive()) {
        throw new IOException("the load of the bus failed: " + load.tail() + bare.tail());
      }
      load.output()
          .lines()
          .filter(line -> line.matches("(rollcall|bare) [0-9. ]+"))
          .forEach(line -> add(bench, placement, line.split(" ")));
    }
  }

  private static void add(Bench bench, Placement placement, String[] line) {
    Map<Metric, Double> sample =
        Map.of(
            Metric.requests_per_second, Double.valueOf(line[1]),
            Metric.p50_ms, Double.valueOf(line[2]),
            Metric.p99_ms, Double.valueOf(line[3]));
    bench.results().add(TEST, placement.loops(), IN_FLIGHT, line[0], sample);
    bench.say("%s, %s: %s: %s", TEST, placement.name(), line[0], Metric.show(sample));
  }
}
