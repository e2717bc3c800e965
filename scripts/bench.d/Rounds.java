import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads servers in turn, round after round, each round in another order: what slows the machine
 * down for a while then slows all of them down.
 *
 * @param test what is measured, as the JSON has it
 * @param path what is asked for; {id} in it stands for the number of a user
 * @param script what wrk runs
 * @param usersPerAnswer how many requests one answer counts as
 * @param upstream what each server must ask for each of these, where there is something
 */
record Rounds(
    Bench bench,
    String test,
    Placement placement,
    String path,
    Script script,
    int usersPerAnswer,
    Optional<Server> upstream) {

  /** A server is warm when a request takes no less than this share of what it took before. */
  static final double WARM = 0.97;

  /** Two who ask for the same at the same time may share an answer, but hardly ever do. */
  private static final double ASKED = 0.99;

  private static final Pattern SERVED = Pattern.compile("\"served\":(\\d+)");
  private static final int SOURCES = 3;

  /** From this share of a processor on, wrk may be what the figures are about. */
  private static final double BUSY = 0.97;

  /** What a server is loaded with. */
  interface Script {
    /** A script and its arguments, or nothing, where the path is all there is to it. */
    List<String> next(Entrant entrant) throws IOException;
  }

  /** A server, what it is asked for, and how many connections it gets for each of the others'. */
  record Entrant(Server server, String path, int share) {}

  List<Entrant> entrants(List<Server> servers) {
    return servers.stream().map(server -> new Entrant(server, path, 1)).toList();
  }

  void run(List<Entrant> entrants, List<Integer> connections)
      throws IOException, InterruptedException {
    for (Entrant entrant : entrants) {
      warmUp(entrant, connections.get(0));
    }
    List<Entrant> order = new ArrayList<>(entrants);
    for (int round = 1; round <= bench.rounds(); round++) {
      for (int count : connections) {
        if (bench.fleet().beforeOnly()) {
          together(order, round, count);
        } else {
          for (Entrant entrant : order) {
            keep(entrant, round, count, measureAtLast(entrant, count));
          }
        }
        Collections.rotate(order, 1);
      }
    }
  }

  /** What a round measured of a server counts. */
  void keep(Entrant entrant, int round, int connections, Map<Metric, Double> sample) {
    String name = entrant.server().name();
    bench.results().add(test, placement.loops(), connections, name, sample);
    bench.say(
        "%s, %s, round %d, %d connections: %s: %s",
        test, placement.name(), round, connections, name, Metric.show(sample));
  }

  /**
   * Loads all at once: they share the processors fairly, and whatever slows the machine slows each,
   * so that what one does beside the other tells a difference of one percent.
   */
  private void together(List<Entrant> entrants, int round, int connections)
      throws IOException, InterruptedException {
    List<Double> cpu = new ArrayList<>();
    List<Wrk> loads = new ArrayList<>();
    for (Entrant entrant : entrants) {
      entrant.server().program().forgetPeak();
      cpu.add(entrant.server().program().cpuMicros());
      loads.add(start(entrant, connections, bench.loadSeconds()));
    }
    for (int i = 0; i < entrants.size(); i++) {
      Entrant entrant = entrants.get(i);
      Wrk.Outcome outcome = loads.get(i).await();
      double used = entrant.server().program().cpuMicros() - cpu.get(i);
      judge(entrant, connections, outcome, Long.MAX_VALUE);
      keep(entrant, round, connections, sample(entrant, outcome, used));
    }
  }

  /**
   * Loads a server until that makes it no cheaper, since compilers may take long on one processor;
   * for a while at least, since the machine may happen to get slower meanwhile.
   */
  void warmUp(Entrant entrant, int connections) throws IOException, InterruptedException {
    bench.say("%s, %s: warming up %s", test, placement.name(), entrant.server().name());
    double before = Double.MAX_VALUE;
    for (int seconds = 0; seconds < bench.warmLimitSeconds(); seconds += bench.warmSeconds()) {
      double cpu = entrant.server().program().cpuMicros();
      Wrk.Outcome outcome = load(entrant, connections, bench.warmSeconds());
      double perRequest = (entrant.server().program().cpuMicros() - cpu) / outcome.requests();
      boolean longEnough = seconds + bench.warmSeconds() >= bench.warmLeastSeconds();
      if (longEnough && perRequest > WARM * before) {
        return;
      }
      before = perRequest;
    }
  }

  /** A long run should not be in vain because wrk died once, or was killed by somebody. */
  Map<Metric, Double> measureAtLast(Entrant entrant, int connections)
      throws IOException, InterruptedException {
    try {
      return measure(entrant, connections);
    } catch (IOException once) {
      String where =
          String.format(Locale.ROOT, "%s, %s, %d connections", test, placement.name(), connections);
      bench
          .results()
          .note(
              String.format(Locale.ROOT, "%s: measured again, since %s", where, once.getMessage()));
      return measure(entrant, connections);
    }
  }

  private Map<Metric, Double> measure(Entrant entrant, int connections)
      throws IOException, InterruptedException {
    Program program = entrant.server().program();
    program.forgetPeak();
    long asked = served();
    double cpu = program.cpuMicros();
    Wrk.Outcome outcome = load(entrant, connections, bench.loadSeconds());
    double cpuUsed = program.cpuMicros() - cpu;
    judge(entrant, connections, outcome, served() - asked);
    return sample(entrant, outcome, cpuUsed);
  }

  private Map<Metric, Double> sample(Entrant entrant, Wrk.Outcome outcome, double cpuUsed)
      throws IOException {
    Map<Metric, Double> sample = new EnumMap<>(Metric.class);
    if (entrant.server().name().equals("upstream")) {
      // It does a third of what the others do, so only how late it answers can be compared.
      sample.put(Metric.p50_ms, outcome.p50());
      sample.put(Metric.p99_ms, outcome.p99());
      return sample;
    }
    sample.put(Metric.requests_per_second, outcome.rate() * usersPerAnswer);
    sample.put(Metric.cpu_us_per_request, cpuUsed / outcome.requests() / usersPerAnswer);
    sample.put(Metric.p50_ms, outcome.p50());
    sample.put(Metric.p99_ms, outcome.p99());
    sample.put(Metric.peak_rss_mib, entrant.server().program().peakMib());
    return sample;
  }

  Wrk.Outcome load(Entrant entrant, int connections, int seconds)
      throws IOException, InterruptedException {
    return start(entrant, connections, seconds).await();
  }

  private Wrk start(Entrant entrant, int connections, int seconds) throws IOException {
    return Wrk.start(
        placement,
        connections * entrant.share(),
        seconds,
        entrant.server().url(entrant.path().replace("{id}", "1")),
        bench.fleet().log("wrk-" + entrant.server().name()),
        script.next(entrant));
  }

  /** How many answers the upstream has given so far. */
  private long served() throws IOException {
    if (upstream.isEmpty()) {
      return 0;
    }
    Matcher served = SERVED.matcher(Server.get(upstream.get().port(), "/served"));
    return served.find() ? Long.parseLong(served.group(1)) : 0;
  }

  private void judge(Entrant entrant, int connections, Wrk.Outcome outcome, long asked) {
    String name = entrant.server().name();
    String where =
        String.format(Locale.ROOT, "%s, %s, %d connections", test, placement.name(), connections);
    if (outcome.bad() > 0) {
      blame(
          name,
          String.format(
              Locale.ROOT,
              "%s: %s gave %d bad answers in a round of %d",
              where,
              name,
              outcome.bad(),
              outcome.requests()));
    }
    long users = outcome.requests() * usersPerAnswer;
    if (upstream.isPresent() && entrant.share() == 1 && asked < ASKED * SOURCES * users) {
      blame(
          name,
          String.format(
              Locale.ROOT, "%s: %s asked %d times for %d users", where, name, asked, users));
    }
    if (placement.pinned() && outcome.busy() > BUSY) {
      bench
          .results()
          .note(String.format(Locale.ROOT, "%s: wrk itself was at its limit with %s", where, name));
    }
  }

  private void blame(String name, String what) {
    if (name.equals(Results.OURS)) {
      bench.results().fail(what);
    } else {
      bench.results().note(what);
    }
  }
}
