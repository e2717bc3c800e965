package dev.rollcall;

import dev.rollcall.base.Failure;
import dev.rollcall.base.OutOfMemory;
import dev.rollcall.config.ServerTls;
import dev.rollcall.config.Settings;
import dev.rollcall.config.reading.ConfigurationFaults;
import dev.rollcall.ops.Logging;
import dev.rollcall.ops.MemoryWatch;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Turns arguments into settings and a running process. It alone knows exit codes: 0 for an end by a
 * signal or of a command, 1 for a start or a command that failed, 2 for wrong arguments or settings
 * (3 for a lack of memory is {@link OutOfMemory}'s).
 */
@Command(
    name = "rollcall",
    description = "Keeps users and serves them over HTTP.",
    sortOptions = false,
    versionProvider = Main.Version.class,
    footer = {
      "",
      "Settings come from the file, from ROLLCALL_… variables and from --set; the later wins.",
      "Exit codes: 0 ended when asked to, 1 could not start, 2 wrong arguments or settings,",
      "3 out of memory; of a command: 0 done, 1 failed, 2 wrong arguments."
    })
public final class Main implements Callable<Integer> {
  private static final int ENDED = 0;
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  /** What closing may take beyond the time for requests, most of it for leaving a cluster. */
  static final Duration CLOSING = Duration.ofSeconds(20);

  private final Map<String, String> env;
  private final Function<Settings, Future<Rollcall>> starter;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final SettingsOptions given = new SettingsOptions();

  @Option(
      names = "--cluster",
      description = "Be a node of the cluster that the settings under cluster describe.")
  private boolean cluster;

  @Option(names = "--check", description = "Check the settings and leave.")
  private boolean check;

  // Picocli answers this itself, before call().
  @SuppressWarnings("unused")
  @Option(names = "--version", versionHelp = true, description = "Print the version and leave.")
  private boolean version;

  @SuppressWarnings("unused")
  @Mixin
  private final HelpOption help = new HelpOption();

  Main(Map<String, String> env, Function<Settings, Future<Rollcall>> starter) {
    this.env = env;
    this.starter = starter;
  }

  public static void main(String[] args) {
    System.exit(commandLine(new Main(System.getenv(), Rollcall::start)).execute(args));
  }

  /** The command line: one line per fault, and the last of a repeated option wins. */
  static CommandLine commandLine(Main main) {
    return new CommandLine(main)
        .addSubcommand(new CopyCommand(main.env))
        .addSubcommand(new BeginEpochCommand(main.env))
        .addSubcommand(new KeyCommand())
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(
            (e, args) -> {
              e.getCommandLine().getErr().println(oneLine(e.getMessage()) + " (see --help)");
              return REFUSED;
            })
        .setExecutionExceptionHandler(Main::failed);
  }

  /** Prints why a command failed; what was not foreseen, picocli prints with its stack. */
  private static int failed(Exception e, CommandLine command, ParseResult arguments)
      throws Exception {
    if (!(e instanceof IllegalStateException)) {
      throw e;
    }
    command.getErr().println("cannot " + command.getCommandName() + ": " + reason(e));
    return FAILED;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    Settings.Loaded loaded;
    try {
      loaded = load(new SettingsOptions());
    } catch (ConfigurationFaults e) {
      e.faults().forEach(command.getErr()::println);
      return REFUSED;
    }
    if (check) {
      loaded.warnings().forEach(command.getErr()::println);
      command.getOut().println("configuration is valid");
      return ENDED;
    }
    return run(loaded, command.getErr());
  }

  /** Loads the settings, those of a command included: its file goes before, its pairs after. */
  Settings.Loaded load(SettingsOptions ofCommand) throws ConfigurationFaults {
    List<String> all = new ArrayList<>(given.sets());
    all.addAll(ofCommand.sets());
    all.addAll(cluster ? List.of("cluster.enabled=true") : List.of());
    Path file = ofCommand.conf() == null ? given.conf() : ofCommand.conf();
    return Settings.load(env, Optional.ofNullable(file), all);
  }

  /** Starts, and waits for a signal; then the hook ends the process, and this never returns. */
  private int run(Settings.Loaded loaded, PrintWriter err) throws InterruptedException {
    Settings settings = loaded.settings();
    Logging.start(settings.log());
    OutOfMemory.arm();
    MemoryWatch.start();
    // Not a constant: --help and --check load nothing of the log.
    Logger log = LoggerFactory.getLogger(Main.class);
    loaded.warnings().forEach(log::warn);
    Lifetime<Rollcall> lifetime =
        new Lifetime<>(
            () -> starter.apply(settings),
            Rollcall::close,
            settings.shutdown().longest().plus(CLOSING));
    Thread hook = new Thread(() -> end(lifetime), "shutdown");
    // Before the start, so that a signal meanwhile ends the process in order as well.
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      Rollcall rollcall = lifetime.start();
      if (!lifetime.ending()) {
        log.info(
            "Ready {}, management at {}",
            settings.deploy().http() == 0
                ? "without HTTP (deploy.http is 0)"
                : "at " + url(settings.http().tls(), settings.http().host(), rollcall.httpPort()),
            url(
                settings.management().tls(),
                settings.management().host(),
                rollcall.managementPort()));
      }
      new CountDownLatch(1).await();
      return ENDED;
    } catch (ExecutionException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      OutOfMemory.heed(reason);
      log.debug("could not start", reason);
      removeHook(hook);
      Logging.stop();
      err.println("cannot start: " + reason(reason));
      return FAILED;
    }
  }

  private static String url(Optional<ServerTls> tls, String host, int port) {
    boolean bareIpV6 = host.contains(":") && !host.startsWith("[");
    return (tls.isPresent() ? "https://" : "http://")
        + (bareIpV6 ? "[" + host + "]" : host)
        + ":"
        + port;
  }

  /** Runs as the shutdown hook. Halts, since a process ended by a signal has no exit code of 0. */
  private static void end(Lifetime<Rollcall> lifetime) {
    boolean closed = false;
    try {
      closed = lifetime.end();
      Logging.stop();
    } finally {
      // Even where closing threw: nothing else would end the process.
      Runtime.getRuntime().halt(closed ? ENDED : FAILED);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException endingAlready) {
      // A signal came during the start: the hook runs and gives the exit code.
    }
  }

  /** The message of our own failures; others need their class as well. */
  private static String reason(Throwable reason) {
    boolean ours = reason instanceof Failure || reason instanceof IllegalStateException;
    String message = reason.getMessage();
    return oneLine(ours && message != null ? message : reason.toString());
  }

  private static String oneLine(@Nullable String text) {
    return String.valueOf(text)
        .strip()
        .replaceAll("\\s*\\R\\s*", "; ")
        .replaceAll("\\p{Cntrl}", " ");
  }

  /** Of this program, as it is built. */
  static String version() {
    Properties properties = new Properties();
    try (InputStream resource = Main.class.getResourceAsStream("/version.properties")) {
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"rollcall " + version()};
    }
  }
}
