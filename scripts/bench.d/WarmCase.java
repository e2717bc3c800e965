import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the first clients of a process meet: its rate second by second from its first good answer on,
 * beside what it comes to, with deploy.warmUp and without.
 */
final class WarmCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final String WARM_UP = "20s";

  /** How many seconds are the first ones, and how many are looked at. */
  private static final int FIRST = 5;

  private static final int SECONDS = 20;

  /** From this share of the steady rate on it counts as warm. */
  private static final double WARM = 0.9;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            "warm: a process that was just started, with deploy.warmUp="
                + WARM_UP
                + " beside one without (cold); seconds count from its first good answer; steady is"
                + " the same process later, once a request has become no cheaper");
    for (Placement placement : bench.placements()) {
      for (int round = 1; round <= (bench.quick() ? 1 : bench.rounds()); round++) {
        for (String server : List.of(Results.OURS, Results.COLD)) {
          get(bench, placement, server, round);
          fanout(bench, placement, server, round);
        }
      }
    }
  }

  private static List<String> arguments(String server) {
    return List.of("--set", "deploy.warmUp=" + (server.equals(Results.COLD) ? "0s" : WARM_UP));
  }

  private static void get(Bench bench, Placement placement, String server, int round)
      throws IOException, InterruptedException {
    try (Server started = bench.fleet().rollcall(placement, USERS, arguments(server))) {
      measure(bench, "warm-get", placement, "/users/{id}", started, server, round);
    }
  }

  private static void fanout(Bench bench, Placement placement, String server, int round)
      throws IOException, InterruptedException {
    try (Server upstream = bench.fleet().upstream(placement, 0)) {
      // The upstream is a JVM as well, and not what is measured.
      try (Server before = bench.fleet().rollcall(placement, USERS, upstream)) {
        Rounds rounds = rounds(bench, "warm-fanout", placement, "/users/{id}/views/profile");
        rounds.load(entrant(rounds, before), CONNECTIONS, bench.warmLeastSeconds());
      }
      try (Server started =
          bench.fleet().rollcallWithView(placement, USERS, upstream, "", arguments(server))) {
        measure(
            bench, "warm-fanout", placement, "/users/{id}/views/profile", started, server, round);
      }
    }
  }

  private static Rounds rounds(Bench bench, String test, Placement placement, String path) {
    Rounds.Script asked = Ids.inTurn(USERS).asked(bench.fleet(), USERS);
    return new Rounds(bench, test, placement, path, asked, 1, Optional.empty());
  }

  private static Rounds.Entrant entrant(Rounds rounds, Server server) {
    return rounds.entrants(List.of(server)).get(0);
  }

  private static void measure(
      Bench bench,
      String test,
      Placement placement,
      String path,
      Server started,
      String server,
      int round)
      throws IOException, InterruptedException {
    Rounds rounds = rounds(bench, test, placement, path);
    Rounds.Entrant entrant = entrant(rounds, started);
    Wrk.Outcome first = rounds.load(entrant, CONNECTIONS, FIRST);
    Wrk.Outcome rest = rounds.load(entrant, CONNECTIONS, SECONDS - FIRST);
    rounds.warmUp(entrant, CONNECTIONS);
    Wrk.Outcome steady = rounds.load(entrant, CONNECTIONS, bench.loadSeconds());
    List<Double> rates = new ArrayList<>(first.seconds());
    rates.addAll(rest.seconds());
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    sample.put(Metric.first_answer_ms, started.firstAnswerMillis());
    sample.put(Metric.requests_per_second, steady.rate());
    sample.put(Metric.p99_ms, steady.p99());
    sample.put(Metric.first_5s_requests_per_second, first.rate());
    sample.put(Metric.first_5s_share, first.rate() / steady.rate());
    sample.put(Metric.first_5s_p99_ms, first.p99());
    sample.put(Metric.first_5s_p99_factor, first.p99() / steady.p99());
    sample.put(Metric.seconds_to_90_percent, secondsTo(WARM * steady.rate(), rates));
    bench.results().add(test, placement.loops(), CONNECTIONS, server, sample);
    bench.results().addSeries(test, placement.loops(), CONNECTIONS, server, rates);
    bench.say(
        "%s, %s, round %d: %s: %s; by second %s",
        test, placement.name(), round, server, Metric.show(sample), show(rates));
    long bad = first.bad() + rest.bad() + steady.bad();
    if (bad > 0) {
      String what =
          String.format(
              Locale.ROOT,
              "%s, %s: %s gave %d bad answers, %d of them in the first %d s",
              test,
              placement.name(),
              server,
              bad,
              first.bad(),
              FIRST);
      bench.results().fail(what);
    }
  }

  /** After how many seconds it is as fast as that; one more than were looked at where it never is. */
  private static double secondsTo(double rate, List<Double> rates) {
    for (int i = 0; i < rates.size(); i++) {
      if (rates.get(i) >= rate) {
        return i + 1.0;
      }
    }
    return rates.size() + 1.0;
  }

  private static String show(List<Double> rates) {
    return rates.stream()
        .map(rate -> String.format(Locale.ROOT, "%.0f", rate))
        .collect(Collectors.joining(" "));
  }
}
