import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is resident while users are read, with the flags that everybody runs it with. */
final class MemoryCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final String TEST = "memory";

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            "memory: get with 64 connections by the defaults of each program; resident is what it has"
                + " at the end of each load, peak the most during it");
    Placement placement = Placement.defaults();
    List<Server> servers = new ArrayList<>();
    try {
      Server rollcall = bench.fleet().rollcall(placement, USERS);
      servers.add(rollcall);
      String answer = Server.get(rollcall.port(), "/users/" + USERS / 2);
      servers.add(bench.fleet().bare(placement, answer));
      bench.fleet().axum(placement, USERS, Optional.empty()).ifPresent(servers::add);
      Rounds.Script asked = Ids.uniform(USERS).asked(bench.fleet());
      Rounds rounds =
          new Rounds(bench, TEST, placement, "/users/{id}", asked, 1, Optional.empty());
      List<Rounds.Entrant> entrants = rounds.entrants(servers);
      for (Rounds.Entrant entrant : entrants) {
        rounds.warmUp(entrant, CONNECTIONS);
      }
      for (int round = 1; round <= bench.rounds(); round++) {
        for (Rounds.Entrant entrant : entrants) {
          measure(bench, rounds, entrant, round);
        }
      }
    } finally {
      servers.forEach(Server::close);
    }
  }

  private static void measure(Bench bench, Rounds rounds, Rounds.Entrant entrant, int round)
      throws IOException, InterruptedException {
    Program program = entrant.server().program();
    program.forgetPeak();
    Wrk.Outcome outcome = rounds.load(entrant, CONNECTIONS, bench.loadSeconds());
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    sample.put(Metric.requests_per_second, outcome.rate());
    sample.put(Metric.p99_ms, outcome.p99());
    sample.put(Metric.peak_rss_mib, program.peakMib());
    sample.put(Metric.resident_mib, program.residentMib());
    String name = entrant.server().name();
    bench.results().add(TEST, Placement.PROCESSORS, CONNECTIONS, name, sample);
    bench.say("%s, round %d: %s: %s", TEST, round, name, Metric.show(sample));
  }
}
