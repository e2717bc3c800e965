import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads users while passwords are verified without a pause, and while none are. */
final class PasswordsCase implements Bench.Case {

  private static final int USERS = 10_000;

  /** Those with a password. */
  private static final int KNOWN = 16;

  private static final String PASSWORD = "correct horse battery staple";

  /** As many as the pool and its queue take, so that none is turned away. */
  private static final int VERIFYING = 64;

  private static final int READING = 64;
  private static final String READS = "passwords";
  private static final String VERIFIES = "passwords-verify";

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            READS
                + String.format(
                    Locale.ROOT,
                    ": GET while %d connections verify passwords, beside the same without;",
                    VERIFYING)
                + String.format(
                    Locale.ROOT,
                    " %s: what those get done (Argon2id, 19 MiB, 2 iterations)",
                    VERIFIES));
    for (Placement placement : Placement.all()) {
      try (Server rollcall = bench.fleet().rollcall(placement, USERS)) {
        setPasswords(rollcall);
        Rounds reads =
            new Rounds(
                bench,
                READS,
                placement,
                "/users/{id}",
                Ids.uniform(USERS).asked(bench.fleet()),
                1,
                Optional.empty());
        Rounds.Entrant entrant = reads.entrants(List.of(rollcall)).get(0);
        reads.warmUp(entrant, READING);
        for (int round = 1; round <= bench.rounds(); round++) {
          Wrk.Outcome read = reads.load(entrant, READING, bench.loadSeconds());
          add(bench, placement, READS, "undisturbed", READING, read);
          beside(bench, reads, entrant);
        }
      }
    }
  }

  private static void setPasswords(Server rollcall) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    for (int id = 1; id <= KNOWN; id++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(rollcall.url("/users/" + id + "/password")))
              .header("Content-Type", "application/json")
              .PUT(BodyPublishers.ofString("{\"password\":\"" + PASSWORD + "\"}"))
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 204) {
        throw new IOException("a password could not be set: " + response.body());
      }
    }
  }

  private static void beside(Bench bench, Rounds reads, Rounds.Entrant entrant)
      throws IOException, InterruptedException {
    Placement placement = reads.placement();
    // A second longer, so that the reads are disturbed from their first to their last.
    Wrk verifying =
        Wrk.start(
            placement,
            VERIFYING,
            bench.loadSeconds() + 1,
            entrant.server().url("/"),
            bench.fleet().log("wrk-verify"),
            List.of("verify.lua", Integer.toString(KNOWN), PASSWORD));
    Thread.sleep(500);
    Wrk.Outcome read = reads.load(entrant, READING, bench.loadSeconds());
    Wrk.Outcome verified = verifying.await();
    add(bench, placement, READS, Results.OURS, READING, read);
    add(bench, placement, VERIFIES, Results.OURS, VERIFYING, verified);
  }

  private static void add(
      Bench bench,
      Placement placement,
      String test,
      String side,
      int connections,
      Wrk.Outcome outcome) {
    if (outcome.bad() > 0) {
      bench
          .results()
          .fail(
              String.format(
                  Locale.ROOT, "%s, %s: %d bad answers", test, placement.name(), outcome.bad()));
    }
    Map<Metric, Double> sample =
        Map.of(
            Metric.requests_per_second, outcome.rate(),
            Metric.p50_ms, outcome.p50(),
            Metric.p99_ms, outcome.p99());
    bench.results().add(test, placement.loops(), connections, side, sample);
    bench.say("%s, %s: %s: %s", test, placement.name(), side, Metric.show(sample));
  }
}
