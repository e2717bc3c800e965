import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Creates users: on the disk before it is acknowledged here, in memory there. */
final class CreateCase implements Bench.Case {

  /** Those that are there before. */
  private static final int USERS = 10_000;

  private int loads;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            "create: each acknowledgement of Rollcall waited for the disk and for an address that"
                + " nobody else has; axum kept users in memory and checked nothing; create-tail: after"
                + " that, p99 beside the median of a bare writer on the same disk that commits as many"
                + " bytes at a time as Rollcall sent to the disk for each commit");
    for (Placement placement : bench.placements()) {
      List<Server> servers = new ArrayList<>();
      try {
        servers.add(bench.fleet().rollcall(placement, USERS));
        bench.fleet().before(placement, USERS, Optional.empty()).ifPresent(servers::add);
        bench.fleet().axum(placement, USERS, Optional.empty()).ifPresent(servers::add);
        Rounds rounds =
            new Rounds(
                bench,
                "create",
                placement,
                "/users",
                entrant -> List.of("create.lua", "load-" + ++loads),
                1,
                Optional.empty());
        List<Rounds.Entrant> entrants = rounds.entrants(servers);
        rounds.run(entrants, bench.connections(placement));
        new WriteTail(bench, rounds, placement).run(entrants.get(0), bench.fleet().folder());
      } finally {
        servers.forEach(Server::close);
      }
    }
  }
}
