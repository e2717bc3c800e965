import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads a server at a constant rate with {@link OpenLoop}, in a process of its own. */
final class ConstantRate {

  /** The compiler of the load itself is done after that. */
  private static final int UNCOUNTED_SECONDS = 3;

  private static final int PATIENCE_SECONDS = 90;

  /** A server that answers less than this of what it is asked does not keep up. */
  private static final double KEEPS_UP = 0.99;

  private static final Pattern SAID =
      Pattern.compile(
          "asked (\\d+), answered (\\d+), bad (\\d+), a second ([0-9.]+), p50 ([0-9.]+) us,"
              + " p99 ([0-9.]+) us, p99.9 ([0-9.]+) us, max ([0-9.]+) us, behind ([0-9.]+) us");

  /**
   * What came of it; milliseconds from when a request was due.
   *
   * @param behind how late the load itself was with 99 % of its requests, which is in the others
   */
  record Outcome(
      long asked,
      long answered,
      long bad,
      double rate,
      double p50,
      double p99,
      double p999,
      double behind) {

    boolean keptUp() {
      return answered >= KEEPS_UP * asked;
    }
  }

  private ConstantRate() {}

  /**
   * Loads it for so many seconds, after some that do not count.
   *
   * @param ids of the users that are asked for, over and over
   */
  static Outcome load(
      Bench bench, Server server, String path, List<Integer> ids, int rate, int connections)
      throws IOException, InterruptedException {
    Path paths = bench.fleet().log("paths");
    List<String> lines = new ArrayList<>();
    ids.forEach(id -> lines.add(path.replace("{id}", Integer.toString(id))));
    Files.write(paths, lines);
    Path log = bench.fleet().log("open-loop");
    List<String> command =
        List.of(
            "java",
            // What it allocates in a load fits into the young generation.
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmn200m",
            "-Xshare:auto",
            "-cp",
            Fleet.CLASS_PATH,
            "OpenLoop",
            Integer.toString(server.port()),
            paths.toString(),
            Integer.toString(rate),
            Integer.toString(connections),
            Integer.toString(UNCOUNTED_SECONDS),
            Integer.toString(bench.loadSeconds()));
    Program program = Program.start(command, Map.of(), "", log);
    int code = program.await(PATIENCE_SECONDS);
    Matcher said = SAID.matcher(program.output());
    if (code != 0 || !said.find()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "the load at %d a second ended with %d and said: %s",
              rate,
              code,
              program.tail()));
    }
    return outcome(said);
  }

  private static Outcome outcome(MatchResult said) {
    return new Outcome(
        Long.parseLong(said.group(1)),
        Long.parseLong(said.group(2)),
        Long.parseLong(said.group(3)),
        Double.parseDouble(said.group(4)),
        millis(said.group(5)),
        millis(said.group(6)),
        millis(said.group(7)),
        millis(said.group(9)));
  }

  private static double millis(String micros) {
    return Double.parseDouble(micros) / 1e3;
  }
}
