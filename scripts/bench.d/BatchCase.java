import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Fetches a view for many users in one request, a hundred of them at once. */
final class BatchCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int IDS = 250;
  private static final int CONCURRENCY = 100;
  private static final List<Integer> CONNECTIONS = List.of(1, 8);

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            String.format(
                    Locale.ROOT,
                    "batch: %,d users a batch, %d of them at once; each counts as a request, and"
                        + " p50 and p99",
                    IDS,
                    CONCURRENCY)
                + " are those of whole batches");
    Path bodies = Files.write(bench.fleet().log("batches"), batches());
    for (Placement placement : Placement.all()) {
      run(bench, placement, bodies);
    }
  }

  /**
   * Each user is in one of them, so that those which are under way ask for nothing twice: Rollcall
   * would ask the sources once for both.
   */
  private static List<String> batches() {
    List<Integer> users = new ArrayList<>(IntStream.rangeClosed(1, USERS).boxed().toList());
    Collections.shuffle(users, new Random(42));
    return IntStream.range(0, USERS / IDS)
        .mapToObj(i -> users.subList(i * IDS, (i + 1) * IDS))
        .map(ids -> String.format(Locale.ROOT, "{\"ids\":%s,\"concurrency\":%d}", ids, CONCURRENCY))
        .toList();
  }

  private static void run(Bench bench, Placement placement, Path bodies)
      throws IOException, InterruptedException {
    List<Server> servers = new ArrayList<>();
    try (Server upstream = bench.fleet().upstream(placement, 0)) {
      servers.add(bench.fleet().rollcall(placement, USERS, upstream));
      bench.fleet().axum(placement, USERS, Optional.of(upstream)).ifPresent(servers::add);
      Rounds rounds =
          new Rounds(
              bench,
              "batch",
              placement,
              "/views/profile/batch",
              entrant -> List.of("post.lua", bodies.toString()),
              IDS,
              Optional.of(upstream));
      rounds.run(rounds.entrants(servers), CONNECTIONS);
    } finally {
      servers.forEach(Server::close);
    }
  }
}
