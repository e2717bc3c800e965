import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Says what the figures were taken on. */
final class Machine {

  private Machine() {}

  static String describe() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    double load = Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    return String.format(
        Locale.ROOT,
        "%s, %d processors, Linux %s, JDK %s. Load before the run: %.1f%s.",
        processor,
        Placement.PROCESSORS,
        System.getProperty("os.version").replaceAll("[^0-9.].*", ""),
        Runtime.version(),
        load,
        load > 0.5 ? " (something else is running, so take nothing here for granted)" : "");
  }
}
