import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How long it takes to the first answer, and what is in memory when nothing is asked for. */
final class StartCase implements Bench.Case {

  private static final int USERS = 10_000;

  /** How long is waited for what goes on after the first answer. */
  private static final long REST_MILLIS = 3000;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            "start: from starting the process, for Rollcall scripts/run with its archive made and"
                + String.format(
                    Locale.ROOT,
                    " its schema current, to the first answer; peak memory until %d s later;",
                    REST_MILLIS / 1000)
                + " start-rest: what of it is resident then");
    Placement placement = Placement.defaults();
    String answer;
    // The first start of all makes what the later ones find: the archive, the users, the peers.
    try (Server rollcall = bench.fleet().rollcall(placement, USERS)) {
      answer = Server.get(rollcall.port(), "/users/" + USERS / 2);
    }
    for (int round = 0; round <= 2 * bench.rounds(); round++) {
      boolean counts = round > 0;
      measure(bench, bench.fleet().rollcall(placement, USERS), counts);
      measure(bench, bench.fleet().bare(placement, answer), counts);
      Optional<Server> axum = bench.fleet().axum(placement, USERS, Optional.empty());
      if (axum.isPresent()) {
        measure(bench, axum.get(), counts);
      }
    }
  }

  private static void measure(Bench bench, Server server, boolean counts)
      throws IOException, InterruptedException {
    try (server) {
      if (!counts) {
        return;
      }
      Thread.sleep(REST_MILLIS);
      Map<Metric, Double> start =
          Map.of(
              Metric.first_answer_ms, server.firstAnswerMillis(),
              Metric.peak_rss_mib, server.program().peakMib());
      Map<Metric, Double> rest = Map.of(Metric.peak_rss_mib, server.program().residentMib());
      bench.results().add("start", Placement.PROCESSORS, 0, server.name(), start);
      bench.results().add("start-rest", Placement.PROCESSORS, 0, server.name(), rest);
      bench.say("start: %s: %s; at rest %s", server.name(), Metric.show(start), Metric.show(rest));
    }
  }
}
