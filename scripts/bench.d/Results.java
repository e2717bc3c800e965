import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Collects what each round measured, and compares medians and ratios. */
final class Results {

  static final String OURS = "rollcall";

  /** An earlier one of ours. */
  static final String BEFORE = "before";

  /** One of ours that does not warm up before it is ready. */
  static final String COLD = "cold";

  /** One of ours that hands on what sources answer as it is. */
  static final String WHOLE = "whole";

  /** One of ours without webhooks. */
  static final String WITHOUT = "without";

  /** Stands for the other side where there is none. */
  static final String NONE = "none";

  /** How the others are listed; those that are not here come first. */
  private static final List<String> ORDER = List.of(COLD, WHOLE, WITHOUT, "bare", "axum", "krakend", "upstream");

  /** One line of the JSON. The last two are null where there is no other side. */
  record Row(
      String test,
      String against,
      int loops,
      int connections,
      Metric metric,
      double ours,
      Double theirs,
      Double ratio) {}

  /** Requests a second, second after second from the first on; the medians of the rounds. */
  record Series(String test, String server, int loops, int connections, List<Double> rates) {}

  private record Key(String test, int loops, int connections) {}

  /** By what was measured and by the server, round after round. */
  private final Map<Key, Map<String, List<Map<Metric, Double>>>> samples = new LinkedHashMap<>();

  private final Map<Key, Map<String, List<List<Double>>>> series = new LinkedHashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private boolean failed;

  /**
   * What was measured of one server in one round; the others of that round follow or went before.
   */
  void add(String test, int loops, int connections, String server, Map<Metric, Double> sample) {
    samples
        .computeIfAbsent(new Key(test, loops, connections), key -> new LinkedHashMap<>())
        .computeIfAbsent(server, key -> new ArrayList<>())
        .add(sample);
  }

  /** What one round measured second after second. */
  void addSeries(String test, int loops, int connections, String server, List<Double> rates) {
    series
        .computeIfAbsent(new Key(test, loops, connections), key -> new LinkedHashMap<>())
        .computeIfAbsent(server, key -> new ArrayList<>())
        .add(rates);
  }

  List<Series> series() {
    List<Series> all = new ArrayList<>();
    series.forEach(
        (key, servers) ->
            servers.forEach(
                (server, rounds) ->
                    all.add(
                        new Series(
                            key.test(),
                            server,
                            key.loops(),
                            key.connections(),
                            medians(rounds)))));
    return all;
  }

  private static List<Double> medians(List<List<Double>> rounds) {
    int seconds = rounds.stream().mapToInt(List::size).min().orElse(0);
    return IntStream.range(0, seconds)
        .mapToObj(
            second -> median(rounds.stream().mapToDouble(round -> round.get(second)).toArray()))
        .toList();
  }

  /** Something that whoever reads the figures should know. */
  void note(String text) {
    if (notes.add(text)) {
      System.err.println("bench: " + text);
    }
  }

  /** A note that says that figures of ours are not to be trusted. */
  void fail(String text) {
    failed = true;
    note(text);
  }

  boolean failed() {
    return failed;
  }

  Set<String> notes() {
    return notes;
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    samples.forEach(
        (key, servers) -> {
          List<Map<Metric, Double>> ours = servers.getOrDefault(OURS, List.of());
          servers.keySet().stream()
              .filter(server -> !server.equals(OURS))
              .sorted(Comparator.comparing(ORDER::indexOf))
              .forEach(server -> compare(rows, key, server, ours, servers.get(server)));
          if (servers.size() == 1) {
            compare(rows, key, NONE, ours, List.of());
          }
        });
    return rows;
  }

  private static void compare(
      List<Row> rows,
      Key key,
      String server,
      List<Map<Metric, Double>> ours,
      List<Map<Metric, Double>> theirs) {
    for (Metric metric : Metric.values()) {
      double[] mine = values(ours, metric);
      double[] others = values(theirs, metric);
      boolean alone = server.equals(NONE);
      if (mine.length == 0 || !alone && others.length == 0) {
        continue;
      }
      // Of each round by itself, so that what slows a machine down for a while does so to both.
      double[] ratios =
          IntStream.range(0, Math.min(mine.length, others.length))
              .mapToDouble(round -> mine[round] / others[round])
              .toArray();
      rows.add(
          new Row(
              key.test(),
              server,
              key.loops(),
              key.connections(),
              metric,
              median(mine),
              alone ? null : (Double) median(others),
              alone ? null : (Double) median(ratios)));
    }
  }

  private static double[] values(List<Map<Metric, Double>> rounds, Metric metric) {
    return rounds.stream()
        .filter(sample -> sample.containsKey(metric))
        .mapToDouble(sample -> sample.get(metric))
        .toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
