import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads one user at a time: few users, each as often as any other, and many, some far more often.
 */
final class GetCase implements Bench.Case {

  private static final int FEW = 10_000;
  private static final int MANY = 1_000_000;

  /** In a quick run there is no time to import more. */
  private static final int FEWER = 100_000;

  /** What Rollcall has for the many, who all have room in a cache of this size. */
  private static final String HEAP = "-Xmx1g";

  private static final List<String> CACHE = List.of("--set", "store.cache=400MiB");

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    for (Placement placement : bench.placements()) {
      run(bench, "get", placement, FEW, Ids.uniform(FEW), bench.connections(placement));
    }
    if (bench.fleet().beforeOnly()) {
      return;
    }
    int many = bench.quick() ? FEWER : MANY;
    bench
        .results()
        .note(
            String.format(
                Locale.ROOT,
                "get: %,d users, uniformly; get-zipf: %,d users, Zipf, Rollcall with a heap of 1 GiB",
                FEW,
                many));
    for (Placement placement : bench.firstIfQuick(Placement.all())) {
      List<Integer> connections = bench.firstIfQuick(bench.connections(placement));
      run(bench, "get-zipf", placement, many, Ids.zipf(many), connections);
    }
  }

  private static void run(
      Bench bench, String test, Placement placement, int users, Ids ids, List<Integer> connections)
      throws IOException, InterruptedException {
    List<Server> servers = new ArrayList<>();
    try {
      Server rollcall =
          users > FEW
              ? bench.fleet().rollcall(placement, users, HEAP, CACHE)
              : bench.fleet().rollcall(placement, users);
      servers.add(rollcall);
      bench.fleet().before(placement, users, Optional.empty()).ifPresent(servers::add);
      if (!bench.fleet().beforeOnly()) {
        // A user whose number is as long as most are.
        String answer = Server.get(rollcall.port(), "/users/" + users / 2);
        servers.add(bench.fleet().bare(placement, answer));
      }
      bench.fleet().axum(placement, users, Optional.empty()).ifPresent(servers::add);
      Rounds rounds =
          new Rounds(
              bench, test, placement, "/users/{id}", ids.asked(bench.fleet()), 1, Optional.empty());
      rounds.run(rounds.entrants(servers), connections);
    } finally {
      servers.forEach(Server::close);
    }
  }
}
