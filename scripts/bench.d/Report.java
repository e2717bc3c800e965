import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes what was measured: a table in Markdown, and JSON. */
final class Report {

  private static final List<String> FIRST = List.of("case", "against", "loops", "connections");

  private final List<Results.Row> rows;

  Report(List<Results.Row> rows) {
    this.rows = rows;
  }

  /** A line for each two that were compared, and a column for each metric that was measured. */
  void table(PrintStream out) {
    List<Metric> metrics =
        List.of(Metric.values()).stream()
            .filter(metric -> rows.stream().anyMatch(row -> row.metric() == metric))
            .toList();
    List<String> titles = new ArrayList<>(FIRST);
    metrics.forEach(metric -> titles.add(metric.title));
    out.println(line(titles));
    out.println("|---|---|---:|---:" + "|---".repeat(metrics.size()) + "|");
    lines().forEach((first, cells) -> out.println(line(cells(first, cells, metrics))));
  }

  private Map<List<String>, Map<Metric, String>> lines() {
    Map<List<String>, Map<Metric, String>> lines = new LinkedHashMap<>();
    for (Results.Row row : rows) {
      List<String> first =
          List.of(
              row.test(),
              row.against().equals(Results.NONE) ? "" : row.against(),
              Integer.toString(row.loops()),
              Integer.toString(row.connections()));
      lines.computeIfAbsent(first, key -> new LinkedHashMap<>()).put(row.metric(), cell(row));
    }
    return lines;
  }

  private static String cell(Results.Row row) {
    String ours = row.metric().show(row.ours());
    return row.theirs() == null
        ? ours
        : String.format(
            Locale.ROOT,
            "%s : %s = **%s**",
            ours,
            row.metric().show(row.theirs()),
            String.format(Locale.ROOT, "%.2f", row.ratio()));
  }

  private static List<String> cells(
      List<String> first, Map<Metric, String> cells, List<Metric> metrics) {
    List<String> line = new ArrayList<>(first);
    metrics.forEach(metric -> line.add(cells.getOrDefault(metric, "")));
    return line;
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  void json(Path file, List<Results.Series> series) throws IOException {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Results.Row row : rows) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("case", row.test());
      entry.put("against", row.against());
      entry.put("loops", row.loops());
      entry.put("connections", row.connections());
      entry.put("metric", row.metric().name());
      entry.put("ours", row.ours());
      entry.put("theirs", row.theirs());
      entry.put("ratio", row.ratio());
      list.add(entry);
    }
    for (Results.Series each : series) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("case", each.test());
      entry.put("server", each.server());
      entry.put("loops", each.loops());
      entry.put("connections", each.connections());
      entry.put("metric", "requests_per_second_by_second");
      entry.put("rates", each.rates());
      list.add(entry);
    }
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), list);
  }
}
