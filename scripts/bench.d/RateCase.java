import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How long clients wait who ask at a constant rate, whatever the server is doing, beside what a
 * closed loop of as many connections says of the same servers in the same round.
 */
final class RateCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final long SEED = 42;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            "rate-*: so many requests a second, each counted from when it was due; behind: how late"
                + " the load itself was, which is part of it; rate-*-closed: wrk, which asks again"
                + " once it is answered");
    Placement placement = Placement.defaults();
    List<Server> servers = new ArrayList<>();
    try {
      servers.add(bench.fleet().rollcall(placement, USERS));
      bench.fleet().axum(placement, USERS, Optional.empty()).ifPresent(servers::add);
      measure(bench, placement, "get", "/users/{id}", servers, List.of(10_000, 30_000));
    } finally {
      servers.forEach(Server::close);
    }
    servers.clear();
    try (Server upstream = bench.fleet().upstream(placement, 0)) {
      servers.add(bench.fleet().rollcall(placement, USERS, upstream));
      bench.fleet().axum(placement, USERS, Optional.of(upstream)).ifPresent(servers::add);
      String path = "/users/{id}/views/profile";
      measure(bench, placement, "fanout", path, servers, List.of(5_000));
    } finally {
      servers.forEach(Server::close);
    }
  }

  private static void measure(
      Bench bench,
      Placement placement,
      String what,
      String path,
      List<Server> servers,
      List<Integer> rates)
      throws IOException, InterruptedException {
    Rounds closed =
        new Rounds(
            bench,
            "rate-" + what + "-closed",
            placement,
            path,
            Ids.inTurn(USERS).asked(bench.fleet()),
            1,
            Optional.empty());
    List<Integer> ids = new ArrayList<>(IntStream.rangeClosed(1, USERS).boxed().toList());
    // In another order than that of the store, and nobody twice at the same time.
    Collections.shuffle(ids, new Random(SEED));
    List<Server> order = new ArrayList<>(servers);
    for (Rounds.Entrant entrant : closed.entrants(order)) {
      closed.warmUp(entrant, CONNECTIONS);
    }
    for (int round = 1; round <= bench.rounds(); round++) {
      for (int rate : rates) {
        String test = "rate-" + what + "-" + rate;
        for (Server server : order) {
          ConstantRate.Outcome outcome =
              ConstantRate.load(bench, server, path, ids, rate, CONNECTIONS);
          judge(bench, test, server, outcome);
          keep(bench, test, placement, server, round, sample(outcome));
        }
      }
      for (Rounds.Entrant entrant : closed.entrants(order)) {
        Wrk.Outcome outcome = closed.load(entrant, CONNECTIONS, bench.loadSeconds());
        keep(bench, closed.test(), placement, entrant.server(), round, sample(outcome));
      }
      Collections.rotate(order, 1);
    }
  }

  private static Map<Metric, Double> sample(ConstantRate.Outcome outcome) {
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    sample.put(Metric.requests_per_second, outcome.rate());
    sample.put(Metric.p50_ms, outcome.p50());
    sample.put(Metric.p99_ms, outcome.p99());
    sample.put(Metric.p99_9_ms, outcome.p999());
    sample.put(Metric.behind_p99_ms, outcome.behind());
    return sample;
  }

  private static Map<Metric, Double> sample(Wrk.Outcome outcome) {
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    sample.put(Metric.requests_per_second, outcome.rate());
    sample.put(Metric.p50_ms, outcome.p50());
    sample.put(Metric.p99_ms, outcome.p99());
    return sample;
  }

  private static void keep(
      Bench bench,
      String test,
      Placement placement,
      Server server,
      int round,
      Map<Metric, Double> sample) {
    bench.results().add(test, placement.loops(), CONNECTIONS, server.name(), sample);
    bench.say("%s, round %d: %s: %s", test, round, server.name(), Metric.show(sample));
  }

  private static void judge(Bench bench, String test, Server server, ConstantRate.Outcome outcome) {
    String name = server.name();
    if (outcome.bad() > 0) {
      String what =
          String.format(
              Locale.ROOT, "%s: %s gave %d bad answers in a round", test, name, outcome.bad());
      if (name.equals(Results.OURS)) {
        bench.results().fail(what);
      } else {
        bench.results().note(what);
      }
    }
    if (outcome.behind() > outcome.p99() / 2) {
      bench
          .results()
          .note(
              test
                  + ": half of a p99 and more was the load's own lateness: the machine had too much"
                  + " to do for these figures");
    }
    if (!outcome.keptUp()) {
      bench
          .results()
          .note(
              String.format(
                  Locale.ROOT,
                  "%s: %s answered %d of %d in a round",
                  test,
                  name,
                  outcome.answered(),
                  outcome.asked()));
    }
  }
}
