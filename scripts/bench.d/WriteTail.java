import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tail of durable creates beside what a commit of the same bytes takes on the same disk: each
 * round loads Rollcall, and then has a bare writer commit as many bytes at a time as Rollcall wrote
 * for each of its commits.
 */
final class WriteTail {

  private static final String TEST = "create-tail";
  private static final int CONNECTIONS = 64;
  private static final int BARE_SECONDS = 2;
  private static final Pattern MANAGEMENT = Pattern.compile("management at http:\\S*?:(\\d+)");
  private static final Pattern COMMITS =
      Pattern.compile("(?m)^rollcall_store_commits_seconds_count(?:\\{[^}]*})? ([0-9.E]+)$");

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Bench bench;
  private final Rounds rounds;
  private final Placement placement;

  WriteTail(Bench bench, Rounds rounds, Placement placement) {
    this.bench = bench;
    this.rounds = rounds;
    this.placement = placement;
  }

  void run(Rounds.Entrant ours, Path folder) throws IOException, InterruptedException {
    Program program = ours.server().program();
    Matcher management = MANAGEMENT.matcher(program.output());
    if (!management.find()) {
      throw new IOException("the log does not say where the management is: " + program.tail());
    }
    int port = Integer.parseInt(management.group(1));
    for (int round = 1; round <= bench.rounds(); round++) {
      double commits = commits(port);
      double bytes = program.writtenBytes();
      Wrk.Outcome outcome = rounds.load(ours, CONNECTIONS, bench.loadSeconds());
      commits = commits(port) - commits;
      bytes = (program.writtenBytes() - bytes) / commits;
      double bare = new BareWriter(folder).medianMillis((int) bytes, BARE_SECONDS);
      Map<Metric, Double> sample = new EnumMap<>(Metric.class);
      sample.put(Metric.p50_ms, outcome.p50());
      sample.put(Metric.p99_ms, outcome.p99());
      sample.put(Metric.bare_commit_ms, bare);
      sample.put(Metric.p99_of_bare_commit, outcome.p99() / bare);
      bench.results().add(TEST, placement.loops(), CONNECTIONS, Results.OURS, sample);
      bench.say(
          "%s, %s, round %d: %s; %s",
          TEST,
          placement.name(),
          round,
          Metric.show(sample),
          String.format(
              Locale.ROOT,
              "%.0f creates and %,.0f bytes a commit",
              outcome.requests() / commits,
              bytes));
    }
  }

  private static double commits(int port) throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
    String body =
        CLIENT.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
    Matcher count = COMMITS.matcher(body);
    if (!count.find()) {
      throw new IOException("the metrics do not count commits");
    }
    return Double.parseDouble(count.group(1));
  }
}
