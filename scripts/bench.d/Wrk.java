import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads a URL with wrk, which keeps each connection busy with one request after the other. */
final class Wrk {

  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
  private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
  private static final Pattern MEDIAN = Pattern.compile("(?m)^ +50% +([0-9.]+)(us|ms|s|m)");
  private static final Pattern LATE = Pattern.compile("(?m)^ +99% +([0-9.]+)(us|ms|s|m)");
  private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern SOCKETS =
      Pattern.compile("connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

  /** What get.lua counts. */
  private static final Pattern SECONDS = Pattern.compile("(?m)^asked by second:((?: \\d+)*)$");

  private static final Map<String, Double> MILLIS =
      Map.of("us", 0.001, "ms", 1.0, "s", 1000.0, "m", 60_000.0);

  /**
   * What came of it.
   *
   * @param bad answers other than 2xx and 3xx, and what went wrong with sockets
   * @param busy how much of its processors wrk itself used, from 0 to 1
   * @param seconds what was asked in each whole second, where the script counts that
   */
  record Outcome(
      long requests,
      double rate,
      double p50,
      double p99,
      long bad,
      double busy,
      List<Double> seconds) {}

  private final Program program;
  private final int threads;
  private final double seconds;

  private Wrk(Program program, int threads, double seconds) {
    this.program = program;
    this.threads = threads;
    this.seconds = seconds;
  }

  /**
   * Begins to load.
   *
   * @param script beside this file, and what it is given
   */
  static Wrk start(
      Placement placement, int connections, int seconds, String url, Path log, List<String> script)
      throws IOException {
    int threads = placement.loadThreads(connections);
    List<String> command =
        new ArrayList<>(
            List.of("wrk", "-t" + threads, "-c" + connections, "-d" + seconds + "s", "--latency"));
    // A batch takes longer than the two seconds that wrk would wait.
    command.add("--timeout=30s");
    if (!script.isEmpty()) {
      command.addAll(List.of("-s", "scripts/bench.d/" + script.get(0)));
    }
    command.add(url);
    command.add("--");
    command.addAll(script.subList(Math.min(1, script.size()), script.size()));
    return new Wrk(Program.start(command, Map.of(), placement.load(), log), threads, seconds);
  }

  /** Waits for its end, which comes by itself. */
  Outcome await() throws IOException, InterruptedException {
    double busy = busy();
    int code = program.await(60);
    String said = program.output();
    if (code != 0 || !REQUESTS.matcher(said).find()) {
      throw new IOException("wrk ended with " + code + " and said: " + said);
    }
    Outcome outcome = outcome(said, busy);
    if (outcome.requests() == 0) {
      throw new IOException("nothing was answered in " + seconds + " s: " + said);
    }
    return outcome;
  }

  /**
   * Looks at the second half only, since before the load each script makes its requests. Nothing is
   * known of a load that has ended before.
   */
  private double busy() throws IOException, InterruptedException {
    if (program.ends((long) (seconds * 500))) {
      return 0;
    }
    try {
      double cpu = program.cpuMicros();
      long began = System.nanoTime();
      Thread.sleep((long) (seconds * 400));
      return (program.cpuMicros() - cpu) / ((System.nanoTime() - began) / 1e3) / threads;
    } catch (NoSuchFileException ended) {
      return 0;
    }
  }

  private Outcome outcome(String said, double busy) {
    long bad = (long) number(BAD, said);
    Matcher sockets = SOCKETS.matcher(said);
    if (sockets.find()) {
      for (int i = 1; i <= sockets.groupCount(); i++) {
        bad += Long.parseLong(sockets.group(i));
      }
    }
    return new Outcome(
        (long) number(REQUESTS, said),
        number(RATE, said),
        millis(MEDIAN, said),
        millis(LATE, said),
        bad,
        busy,
        seconds(said));
  }

  private static List<Double> seconds(String said) {
    Matcher found = SECONDS.matcher(said);
    return found.find()
        ? Pattern.compile(" ")
            .splitAsStream(found.group(1).strip())
            .filter(each -> !each.isEmpty())
            .map(Double::valueOf)
            .toList()
        : List.of();
  }

  private static double number(Pattern pattern, String said) {
    Matcher found = pattern.matcher(said);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  private static double millis(Pattern pattern, String said) {
    Matcher found = pattern.matcher(said);
    return found.find() ? Double.parseDouble(found.group(1)) * MILLIS.get(found.group(2)) : 0;
  }
}
