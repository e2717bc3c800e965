import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What is done with answers of sources: three members of 2 KB chosen, and the whole answer from
 * memory, each beside handing on what was asked for. It is one process that does all. Beside another
 * gateway two members of each of three answers are chosen, one of which both keep.
 */
final class SourcesCase implements Bench.Case {

  /** Few enough for the memory of all three sources to hold. */
  private static final int USERS = 2_000;

  private static final String VIEWS = "/users/{id}/views/";

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            "sources: a view of three required sources that answer 2 KB each; fields: three members"
                + " of each; kept: from memory; whole: the same view without either; gateway: two"
                + " members of each of three sources, the third kept by its Cache-Control");
    for (Placement placement : bench.placements()) {
      try (Server upstream = bench.fleet().upstream(placement, 0);
          Server ours = bench.fleet().rollcallWithSources(placement, USERS, upstream)) {
        for (String view : List.of("fields", "kept")) {
          compare(bench, placement, view, ours);
        }
        gateway(bench, placement, upstream, ours);
      }
    }
  }

  private static void gateway(Bench bench, Placement placement, Server upstream, Server ours)
      throws IOException, InterruptedException {
    Optional<Server> krakend = bench.fleet().krakend(placement, upstream);
    if (krakend.isEmpty()) {
      return;
    }
    try (Server other = krakend.get()) {
      Rounds rounds =
          new Rounds(
              bench,
              "sources-gateway",
              placement,
              VIEWS + "chosen",
              Ids.inTurn(USERS).asked(bench.fleet()),
              1,
              Optional.empty());
      rounds.run(rounds.entrants(List.of(ours, other)), bench.connections(placement));
    }
  }

  private static void compare(Bench bench, Placement placement, String view, Server ours)
      throws IOException, InterruptedException {
    Server whole =
        new Server(Results.WHOLE, ours.program(), ours.port(), ours.firstAnswerMillis());
    Rounds rounds =
        new Rounds(
            bench,
            "sources-" + view,
            placement,
            VIEWS + view,
            Ids.inTurn(USERS).asked(bench.fleet()),
            1,
            Optional.empty());
    rounds.run(
        List.of(
            new Rounds.Entrant(ours, VIEWS + view, 1),
            new Rounds.Entrant(whole, VIEWS + "profile", 1)),
        bench.connections(placement));
  }
}
