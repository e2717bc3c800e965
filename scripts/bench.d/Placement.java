import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who runs on which processor. A list of processors is as {@code taskset -c} takes it; an empty one
 * means all.
 *
 * @param name for the log of what is going on
 * @param loops event loops of Rollcall and of bare, workers of the others
 * @param pinned whether each program is told to use one of them, and given one processor
 */
record Placement(
    String name, int loops, boolean pinned, String server, String load, String upstream) {

  /** How many processors this process, and so all that it starts, may use. */
  static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** Nobody is told anything, and all may use every processor. */
  static Placement defaults() {
    return new Placement("defaults", PROCESSORS, false, "", "", "");
  }

  /**
   * The server has a processor of its own and so has the load. The upstream has one where there is
   * a third, and shares that of the load otherwise.
   */
  static Placement oneLoop() throws IOException {
    List<String> processors = allowed();
    int last = processors.size() - 1;
    return new Placement(
        "1 loop",
        1,
        true,
        // The first processor serves most interrupts, so the server gets the last.
        processors.get(last),
        processors.get(0),
        processors.get(last > 1 ? 1 : 0));
  }

  /** Both ways, or the second only where there is one processor. */
  static List<Placement> all() throws IOException {
    return PROCESSORS > 1 ? List.of(oneLoop(), defaults()) : List.of(defaults());
  }

  /** How many threads load, without having more of them than connections. */
  int loadThreads(int connections) {
    return pinned ? 1 : Math.min(connections, Math.min(2, PROCESSORS));
  }

  /** The processors that may be used, which need not be all of the machine, nor the first ones. */
  private static List<String> allowed() throws IOException {
    String ranges =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("Cpus_allowed_list:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseThrow();
    List<String> processors = new ArrayList<>();
    for (String range : ranges.split(",")) {
      String[] ends = range.split("-");
      int end = Integer.parseInt(ends[ends.length - 1]);
      for (int i = Integer.parseInt(ends[0]); i <= end; i++) {
        processors.add(Integer.toString(i));
      }
    }
    return processors;
  }
}
