import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is measured, by its name in the JSON. */
enum Metric {
  requests_per_second("requests/s", "%,.0f"),
  cpu_us_per_request("CPU µs/request", "%.1f"),
  p50_ms("p50 ms", "%.2f"),
  p99_ms("p99 ms", "%.2f"),
  p99_9_ms("p99.9 ms", "%.2f"),
  behind_p99_ms("behind, p99 ms", "%.2f"),
  delivery_p50_ms("delivery p50 ms", "%.1f"),
  delivery_p99_ms("delivery p99 ms", "%.1f"),
  deliveries_per_second("deliveries/s", "%,.0f"),
  bare_commit_ms("bare commit ms", "%.2f"),
  p99_of_bare_commit("p99 / bare commit", "%.1f"),
  peak_rss_mib("peak MiB", "%,.0f"),
  resident_mib("resident MiB", "%,.0f"),
  first_answer_ms("first answer ms", "%,.0f"),
  first_5s_requests_per_second("requests/s, first 5 s", "%,.0f"),
  first_5s_share("first 5 s / steady", "%.2f"),
  first_5s_p99_ms("p99 ms, first 5 s", "%.2f"),
  first_5s_p99_factor("p99 first 5 s / steady", "%.1f"),
  seconds_to_90_percent("s to 90 %", "%.0f");

  /** As a column of the table is called. */
  final String title;

  private final String format;

  Metric(String title, String format) {
    this.title = title;
    this.format = format;
  }

  String show(double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** What a round measured, in one line. */
  static String show(Map<Metric, Double> sample) {
    return Stream.of(values())
        .filter(sample::containsKey)
        .map(metric -> metric.title + " " + metric.show(sample.get(metric)))
        .collect(Collectors.joining(", "));
  }
}
