import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A program that this one started, and what the kernel's books say about it. Whatever still runs
 * when this process ends is ended by it; should this process be killed, the kernel kills the rest.
 */
final class Program implements AutoCloseable {

  /** What counts the time in /proc, for all Linux that matters. */
  private static final double MICROS_PER_TICK = 10_000;

  private static final double KIB_PER_MIB = 1024;
  private static final boolean DIES_WITH_US = Files.isExecutable(Path.of("/usr/bin/setpriv"));
  private static final Set<Program> RUNNING = ConcurrentHashMap.newKeySet();

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a command, whose output goes to the log.
   *
   * @param processors those that it may use, as of {@link Placement}
   * @param environment added to a few names of ours, so that no setting of the caller leaks in
   */
  static Program start(
      List<String> command, Map<String, String> environment, String processors, Path log)
      throws IOException {
    List<String> line = new ArrayList<>();
    if (DIES_WITH_US) {
      line.addAll(List.of("/usr/bin/setpriv", "--pdeathsig", "KILL"));
    }
    if (!processors.isEmpty()) {
      line.addAll(List.of("taskset", "-c", processors));
    }
    // Each of these becomes the next one, so the process stays the same.
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLLCALL_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("TOKIO_"));
    builder.environment().keySet().removeAll(Set.of("JAVA_OPTS", "JAVA_TOOL_OPTIONS"));
    builder.environment().keySet().removeAll(Set.of("GOMAXPROCS", "GOGC", "GOMEMLIMIT"));
    builder.environment().putAll(environment);
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Program program = new Program(builder.start(), log);
    RUNNING.add(program);
    return program;
  }

  /** Ends all that still runs. Called when this process ends. */
  static void closeAll() {
    // All are asked before any is waited for, so that they end at the same time.
    RUNNING.forEach(program -> program.process.destroy());
    RUNNING.forEach(Program::close);
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Whether it ends by itself within so many milliseconds, for which this waits. */
  boolean ends(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits until it ends by itself, and ends it where it takes longer than so many seconds. */
  int await(long seconds) throws IOException, InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      close();
      throw new IOException("a program took longer than " + seconds + " s: " + tail());
    }
    RUNNING.remove(this);
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(log);
  }

  /** The last lines of the log, for messages about what went wrong. */
  String tail() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  /** CPU time so far, of all threads, the kernel's work for them included. */
  double cpuMicros() throws IOException {
    return cpuMicros(pid());
  }

  static double cpuMicros(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // The name in parentheses may hold anything; user and system time are fields 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
  }

  /** What it has sent to the disk so far, with what it has not waited for yet. */
  double writtenBytes() throws IOException {
    return Files.readAllLines(proc("io")).stream()
        .filter(line -> line.startsWith("write_bytes:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** The most memory that it had at any time since it began, or since {@link #forgetPeak}. */
  double peakMib() throws IOException {
    return statusMib("VmHWM:");
  }

  double residentMib() throws IOException {
    return statusMib("VmRSS:");
  }

  void forgetPeak() throws IOException {
    Files.writeString(proc("clear_refs"), "5");
  }

  private double statusMib(String field) throws IOException {
    return Files.readAllLines(proc("status")).stream()
            .filter(line -> line.startsWith(field))
            .map(line -> line.replaceAll("\\D", ""))
            .mapToDouble(Double::parseDouble)
            .findFirst()
            .orElseThrow()
        / KIB_PER_MIB;
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /** Asks it to end, and makes it where it has not done so in time. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(this);
  }
}
