import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Runs the cases that were asked for, and writes what came of them. */
final class Bench {

  /** Where scripts/bench compiles these programs to. */
  static final String CLASSES = "target/bench/classes";

  private static final List<Integer> CONNECTIONS = List.of(64, 512);
  private static final Path TARGET = Path.of("target/bench").toAbsolutePath();

  /** How the folder of a run begins; the process that it belongs to follows. */
  private static final String RUN = "run-";

  /** The cases that an earlier Rollcall can be in. */
  private static final List<String> COMPARED = List.of("get", "create", "fanout");

  /** One of the cases. */
  interface Case {
    void run(Bench bench) throws IOException, InterruptedException;
  }

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  static {
    CASES.put("get", new GetCase());
    CASES.put("create", new CreateCase());
    CASES.put("fanout", new FanoutCase());
    CASES.put("sources", new SourcesCase());
    CASES.put("webhooks", new WebhooksCase());
    CASES.put("batch", new BatchCase());
    CASES.put("jobs", new JobsCase());
    CASES.put("passwords", new PasswordsCase());
    CASES.put("bus", new BusCase());
    CASES.put("start", new StartCase());
    CASES.put("memory", new MemoryCase());
    CASES.put("rate", new RateCase());
    CASES.put("warm", new WarmCase());
    CASES.put("nodes", new NodesCase());
    CASES.put("soak", new SoakCase());
  }

  private final boolean quick;
  private final Results results = new Results();
  private final Fleet fleet;

  private Bench(boolean quick, Path folder, Optional<Path> before) {
    this.quick = quick;
    this.fleet = new Fleet(folder, new Peers(TARGET, results), before);
  }

  /** The script has looked at the arguments already. */
  public static void main(String[] args) throws Exception {
    boolean quick = false;
    Path json = null;
    Optional<Path> before = Optional.empty();
    Set<String> cases = new LinkedHashSet<>();
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--quick")) {
        quick = true;
      } else if (args[i].equals("--json") && i + 1 < args.length) {
        json = Path.of(args[++i]);
      } else if (args[i].equals("--before") && i + 1 < args.length) {
        before = Optional.of(Path.of(args[++i]).toAbsolutePath());
      } else if (CASES.containsKey(args[i])) {
        cases.add(args[i]);
      } else {
        throw new IllegalArgumentException(args[i]);
      }
    }
    if (before.isPresent()) {
      if (!COMPARED.containsAll(cases)) {
        System.err.println("bench: --before compares these alone: " + COMPARED);
        System.exit(2);
      }
      cases.addAll(cases.isEmpty() ? COMPARED : List.of());
    } else if (cases.isEmpty()) {
      cases.addAll(CASES.keySet());
      cases.removeAll(List.of("rate", "warm", "nodes", "soak"));
    }
    System.exit(run(quick, json, before, cases) ? 0 : 1);
  }

  private static boolean run(
      boolean quick, Path json, Optional<Path> before, Set<String> cases)
      throws IOException, InterruptedException {
    deleteLeftovers();
    Path folder = Files.createDirectories(TARGET.resolve(RUN + ProcessHandle.current().pid()));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  Program.closeAll();
                  delete(folder);
                }));
    Bench bench = new Bench(quick, folder, before);
    String machine = Machine.describe();
    boolean ended = false;
    try {
      for (String name : cases) {
        CASES.get(name).run(bench);
      }
      ended = true;
    } catch (IOException e) {
      System.err.println("bench: " + e.getMessage());
    }
    // What was measured before something went wrong took long enough to be shown.
    bench.report(machine, json);
    return ended && !bench.results.failed();
  }

  private void report(String machine, Path json) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Report report = new Report(results.rows());
    out.println(machine);
    out.println();
    out.printf(
        Locale.ROOT,
        "Each cell: Rollcall : the other = the ratio; the medians of %d rounds%s, and the median of"
            + " the rounds' ratios. Rollcall runs with its durable store, guards and metrics, and"
            + " without its access log.%n%n",
        rounds(),
        quick
            ? " (--quick: short ones of servers that are hardly warm, good for trying only)"
            : "");
    report.table(out);
    out.println();
    results.notes().forEach(note -> out.println("- " + note));
    if (json != null) {
      report.json(json, results.series());
    }
  }

  /** What a run that was killed could not delete. */
  private static void deleteLeftovers() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      files
          .filter(file -> file.getFileName().toString().startsWith(RUN))
          .filter(file -> ProcessHandle.of(pid(file)).isEmpty())
          .toList()
          .forEach(Bench::delete);
    }
  }

  private static long pid(Path run) {
    return Long.parseLong(run.getFileName().toString().substring(RUN.length()));
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("bench: could not delete " + folder + ": " + e.getMessage());
    }
  }

  void say(String format, Object... values) {
    System.err.println("bench: " + String.format(Locale.ROOT, format, values));
  }

  boolean quick() {
    return quick;
  }

  Fleet fleet() {
    return fleet;
  }

  Results results() {
    return results;
  }

  /**
   * An earlier build is so near to this one that the machine's own changes would hide which is
   * faster: both are loaded at once, in more rounds.
   */
  int rounds() {
    return quick ? 3 : fleet.beforeOnly() ? 15 : 5;
  }

  int loadSeconds() {
    return quick ? 1 : fleet.beforeOnly() ? 3 : 5;
  }

  /** How long a server is warmed up at a time, at the least, and at the most. */
  int warmSeconds() {
    return quick ? 3 : 5;
  }

  int warmLeastSeconds() {
    return quick ? 3 : fleet.beforeOnly() ? 60 : 20;
  }

  int warmLimitSeconds() {
    return quick ? 3 : fleet.beforeOnly() ? 90 : 60;
  }

  /** Beside an earlier build the server has a processor of its own, where there are two. */
  List<Placement> placements() throws IOException {
    List<Placement> all = Placement.all();
    return fleet.beforeOnly() ? all.subList(0, 1) : all;
  }

  /** How many connections there are in the cases that don't say so themselves. */
  List<Integer> connections(Placement placement) {
    return placement.pinned() ? CONNECTIONS : firstIfQuick(CONNECTIONS);
  }

  /** As many in a quick run as there is time for. */
  <T> List<T> firstIfQuick(List<T> all) {
    return quick ? all.subList(0, 1) : all;
  }
}
