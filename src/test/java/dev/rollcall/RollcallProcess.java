package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Rollcall as an operator runs it: a process of its own, from the fat jar, on free ports.
 *
 * <p>{@link #close} leaves nothing behind, and so does the end of the JVM that runs the tests.
 */
final class RollcallProcess implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile(
          "Ready (?:at (http://[^\\s\",]+)|without HTTP[^,]*), management at (http://[^\\s\",]+)");

  /** Longer than any start or end on a busy machine; it is waited for only where a test fails. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * What is kept of each output; the rest is read, so that the process never waits, and dropped.
   */
  private static final int LINES_KEPT = 20_000;

  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final Process process;

  /** What it unpacks is for it alone, and a process that was killed can't tidy up. */
  private final Path temporary;

  private final List<String> out = new ArrayList<>();
  private final List<String> err = new ArrayList<>();
  private final Thread outReader;
  private final Thread errReader;
  private final CompletableFuture<Matcher> ready = new CompletableFuture<>();

  private RollcallProcess(Process process, Path temporary) {
    this.process = process;
    this.temporary = temporary;
    outReader = reader(process.inputReader(), out);
    errReader = reader(process.errorReader(), err);
  }

  /** How to start a process in a folder, which also holds its store and its backups. */
  static Launch in(Path folder) {
    return new Launch(folder);
  }

  /** Settings, variables and flags of a process that is to be started. */
  static final class Launch {
    private Path workingDirectory;
    private List<String> before = List.of();
    private boolean archived = true;
    private final List<String> jvm = new ArrayList<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    private Launch(Path folder) {
      workingDirectory = folder;
      // Starts sooner and takes less of a machine that runs tests beside it.
      jvm.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
      set("http.port", "0").set("management.port", "0");
      set("store.path", folder.resolve("rollcall.db").toString());
      set("backup.folder", folder.resolve("backups").toString());
    }

    Launch set(String key, String value) {
      settings.put(key, value);
      return this;
    }

    Launch without(String key) {
      settings.remove(key);
      return this;
    }

    Launch env(String name, String value) {
      env.put(name, value);
      return this;
    }

    Launch jvm(String... options) {
      jvm.addAll(List.of(options));
      return this;
    }

    /** Has it load its classes from the jar, as a start does that makes an archive of them. */
    Launch withoutArchive() {
      archived = false;
      return this;
    }

    /** A command that becomes the one which it is given, such as {@code nsenter}. */
    Launch by(List<String> command) {
      before = List.copyOf(command);
      return this;
    }

    Launch workingDirectory(Path folder) {
      workingDirectory = folder;
      return this;
    }

    /** Starts it and waits until it says that it is ready. */
    RollcallProcess start(String... arguments) {
      RollcallProcess started = launch(arguments);
      try {
        started.awaitReady();
        return started;
      } catch (RuntimeException | Error e) {
        started.close();
        throw e;
      }
    }

    /** Starts it and waits until it has ended. */
    RollcallProcess run(String... arguments) {
      RollcallProcess started = launch(arguments);
      try {
        started.awaitExit();
        return started;
      } finally {
        started.close();
      }
    }

    /** Starts it with these settings and further arguments. */
    RollcallProcess launch(String... arguments) {
      List<String> all = new ArrayList<>(List.of(arguments));
      settings.forEach((key, value) -> all.addAll(List.of("--set", key + "=" + value)));
      return launchBare(all);
    }

    /** Starts it with these arguments alone, and waits until it has ended. */
    RollcallProcess runBare(String... arguments) {
      RollcallProcess started = launchBare(List.of(arguments));
      try {
        started.awaitExit();
        return started;
      } finally {
        started.close();
      }
    }

    private RollcallProcess launchBare(List<String> arguments) {
      List<String> command = new ArrayList<>(before);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      Path temporary = temporaryFolder();
      command.add("-Djava.io.tmpdir=" + temporary);
      // The build runs the tests in locales whose digits and letters differ; so do their processes.
      command.add("-Duser.language=" + Locale.getDefault().getLanguage());
      command.add("-Duser.country=" + Locale.getDefault().getCountry());
      if (archived) {
        command.addAll(ClassArchive.flags(jar()));
      }
      command.addAll(jvm);
      command.addAll(List.of("-jar", jar().toString()));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("ROLLCALL_"));
      environment.remove("JAVA_TOOL_OPTIONS"); // It makes the JVM write a line of its own.
      environment.putAll(env);
      try {
        Process process = builder.start();
        ALIVE.add(process);
        return new RollcallProcess(process, temporary);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("rollcall-it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Once the process has ended, which may be noticed twice. */
  private void tidyUp() {
    ALIVE.remove(process);
    try (Stream<Path> files = Files.walk(temporary)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // It was tidied up before.
    }
  }

  private static Path jar() {
    String jar = System.getProperty("rollcall.jar");
    if (jar == null) {
      throw new IllegalStateException("the system property rollcall.jar names the jar to run");
    }
    return Path.of(jar).toAbsolutePath();
  }

  private Thread reader(BufferedReader from, List<String> into) {
    Thread thread = new Thread(() -> read(from, into), "output of " + process.pid());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void read(BufferedReader from, List<String> into) {
    try (from) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        // JSON may escape a slash, and logback does.
        Matcher matcher = READY.matcher(line.replace("\\/", "/"));
        synchronized (into) {
          if (into.size() < LINES_KEPT) {
            into.add(line);
          }
        }
        if (matcher.find()) {
          ready.complete(matcher);
        }
      }
    } catch (IOException e) {
      // The process is gone.
    }
    if (into == out) {
      ready.completeExceptionally(new IllegalStateException("it ended without being ready"));
    }
  }

  private Matcher awaitReady() {
    try {
      return ready.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("not ready; out: " + out() + ", err: " + err(), e);
    }
  }

  /** The address that serves users. */
  URI http() {
    return URI.create(awaitReady().group(1));
  }

  /** The address that serves operators. */
  URI management() {
    return URI.create(awaitReady().group(2));
  }

  /** A client of the port that serves users. */
  RollcallClient client() {
    return new RollcallClient(http());
  }

  /** A client of the port that serves operators. */
  RollcallClient operator() {
    return new RollcallClient(management());
  }

  /** What it has written to standard output so far, which is its log. */
  List<String> out() {
    synchronized (out) {
      return List.copyOf(out);
    }
  }

  List<String> err() {
    synchronized (err) {
      return List.copyOf(err);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to end (SIGTERM). */
  void terminate() {
    // Not Process.destroy(), which also closes the streams that tell how it went.
    process.toHandle().destroy();
  }

  /** Asks it to end as Ctrl-C does (SIGINT). */
  void interrupt() throws IOException, InterruptedException {
    signal("INT");
  }

  /** Has it stand still (SIGSTOP) until it is told to go on. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Has it go on (SIGCONT). */
  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).inheritIO().start().waitFor();
  }

  /** Ends it on the spot (SIGKILL), and waits until it is gone. */
  void kill() {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  /** Waits until it has ended and all that it wrote is read; gives its exit code. */
  int awaitExit() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it does not end; out: " + out() + ", err: " + err());
      }
      tidyUp();
      outReader.join();
      errReader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it on the spot where it still runs. Fails where a secret stands in what it wrote. */
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = Thread.interrupted();
    try {
      process.waitFor();
      outReader.join(PATIENCE.toMillis());
      errReader.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    tidyUp();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    assertThat(Secrets.in(out())).as("lines of its log that show a secret").isEmpty();
    assertThat(Secrets.in(err())).as("lines of its errors that show a secret").isEmpty();
  }
}
