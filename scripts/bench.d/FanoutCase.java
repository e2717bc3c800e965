import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Joins the answers of three sources, which come at once or late. */
final class FanoutCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int SOURCES = 3;
  private static final int LATE_MILLIS = 20;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            String.format(
                    Locale.ROOT,
                    "fanout: mode all, three required sources; fanout-%dms: each answers so much"
                        + " later;",
                    LATE_MILLIS)
                + " upstream: the sources asked by wrk itself over three times the connections");
    bench
        .results()
        .note("krakend: its engine, lura, without the layers that the product puts around it");
    for (Placement placement : bench.placements()) {
      run(bench, "fanout", placement, 0, bench.connections(placement));
    }
    if (bench.fleet().beforeOnly()) {
      return;
    }
    for (Placement placement : bench.firstIfQuick(Placement.all())) {
      List<Integer> connections = bench.firstIfQuick(bench.connections(placement));
      run(bench, "fanout-" + LATE_MILLIS + "ms", placement, LATE_MILLIS, connections);
    }
  }

  private static void run(
      Bench bench, String test, Placement placement, int delay, List<Integer> connections)
      throws IOException, InterruptedException {
    List<Server> servers = new ArrayList<>();
    try (Server upstream = bench.fleet().upstream(placement, delay)) {
      servers.add(bench.fleet().rollcall(placement, USERS, upstream));
      bench.fleet().before(placement, USERS, Optional.of(upstream)).ifPresent(servers::add);
      bench.fleet().axum(placement, USERS, Optional.of(upstream)).ifPresent(servers::add);
      bench.fleet().krakend(placement, upstream).ifPresent(servers::add);
      Rounds rounds =
          new Rounds(
              bench,
              test,
              placement,
              "/users/{id}/views/profile",
              Ids.inTurn(USERS).asked(bench.fleet()),
              1,
              Optional.of(upstream));
      List<Rounds.Entrant> entrants = new ArrayList<>(rounds.entrants(servers));
      if (delay > 0) {
        entrants.add(new Rounds.Entrant(upstream, "/accounts/{id}", SOURCES));
      }
      rounds.run(entrants, connections);
    } finally {
      servers.forEach(Server::close);
    }
  }
}
