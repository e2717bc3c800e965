package dev.rollcall.config;

import static dev.rollcall.config.Units.GIB;
import static dev.rollcall.config.Units.KIB;
import static dev.rollcall.config.Units.MIB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be set, immutable and valid: each record refuses what is outside its rules
 * with an {@link IllegalArgumentException} that names the key.
 *
 * @param http the port that serves users
 * @param management the port that serves operators
 * @param store where users are kept
 * @param changes the change feed
 * @param backup copies of the store
 * @param credentials how passwords are hashed
 * @param sources where answers about users come from, by name
 * @param views how such answers are composed, by name
 * @param jobs work that goes on in the background
 * @param cluster how this process finds the other nodes of its cluster
 * @param bus what is served over the event bus
 * @param deploy how many instances of what run in this process
 * @param shutdown how the process ends
 * @param log what is logged, and how
 */
public record Settings(
    Http http,
    Management management,
    StoreSettings store,
    Changes changes,
    Backup backup,
    Credentials credentials,
    Map<String, SourceSettings> sources,
    Map<String, ViewSettings> views,
    JobSettings jobs,
    ClusterSettings cluster,
    BusSettings bus,
    Deploy deploy,
    Shutdown shutdown,
    Log log) {

  private static final Rule<String> HOST = Rule.host();
  private static final Rule<Integer> PORT = Rule.integer(0, 65_535);
  private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);
  private static final Rule<Integer> LOOPS = Rule.integer(1, 256);

  private static final Rule<Integer> AMOUNT = Rule.integer(0, 1_000).because("how many there are");

  public Settings {
    AMOUNT.check("sources", sources.size());
    AMOUNT.check("views", views.size());
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
    Faults faults = new Faults();
    int port = http.port();
    if (port != 0 && port == management.port() && overlap(http.host(), management.host())) {
      faults.across(
          "http.port and management.port",
          Integer.toString(port),
          "two different ports, since both listen on the same address",
          "http.port",
          "http.host",
          "management.port",
          "management.host");
    }
    if (store.kind() == StoreSettings.Kind.REMOTE && !cluster.enabled()) {
      faults.across(
          "store.kind",
          "remote",
          "another kind, unless this process is a node of a cluster (--cluster), since it has no"
              + " others to ask",
          "cluster");
    }
    new ViewRules(sources, views, faults).check();
    faults.throwIfAny();
  }

  /**
   * Settings and what was odd while they were read.
   *
   * @param settings the settings
   * @param warnings lines to be logged, such as one about a variable that is no setting
   */
  public record Loaded(Settings settings, List<String> warnings) {}

  /**
   * Reads settings; what is left out has its default.
   *
   * @param env the environment, of which {@code ROLLCALL_…} are settings and all may be referred to
   * @param file a YAML file, which the environment overrides
   * @param sets {@code KEY=VALUE}, which override both
   * @throws ConfigurationFaults with every fault that was found
   */
  public static Loaded load(Map<String, String> env, Optional<Path> file, List<String> sets)
      throws ConfigurationFaults {
    return SettingsLoader.load(env, file, sets);
  }

  /**
   * The defaults with some keys set, as {@code of("http.port=0")}, for callers such as tests that
   * write the settings themselves.
   *
   * @throws IllegalArgumentException where one is at fault
   */
  public static Settings of(String... sets) {
    try {
      return load(Map.of(), Optional.empty(), List.of(sets)).settings();
    } catch (ConfigurationFaults e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static Settings from(Section root) {
    return new Settings(
        Http.from(root.section("http")),
        Management.from(root.section("management")),
        StoreSettings.from(root.section("store")),
        Changes.from(root.section("changes")),
        Backup.from(root.section("backup")),
        Credentials.from(root.section("credentials")),
        root.each("sources", SourceRules.NAME, SourceSettings::from),
        root.each("views", ViewSettings.NAME, ViewSettings::from),
        JobSettings.from(root.section("jobs")),
        ClusterSettings.from(root.section("cluster")),
        BusSettings.from(root.section("bus")),
        Deploy.from(root.section("deploy")),
        Shutdown.from(root.section("shutdown")),
        Log.from(root.section("log")));
  }

  /** Whether two hosts may be one address. A wildcard covers every host. */
  private static boolean overlap(String one, String other) {
    List<String> wildcards = List.of("0.0.0.0", "::", "[::]");
    return one.equalsIgnoreCase(other) || wildcards.contains(one) || wildcards.contains(other);
  }

  /**
   * The port that serves users, and what it takes from one caller.
   *
   * @param host the address to listen on; default 127.0.0.1
   * @param port 0 to 65535, where 0 picks a free one; default 8080
   * @param bodyLimit bytes of a request's body, or of one line of an import; 1KiB to 64MiB, default
   *     1MiB
   * @param headerLimit bytes of all headers of a request; 1KiB to 1MiB, default 16KiB
   * @param uriLimit bytes of a request's first line; 256B to 1MiB, default 8KiB
   * @param inFlightLimit requests at work at once; 1 to 1,000,000, default 2000
   * @param connectionLimit connections at once; 1 to 1,000,000, default 10000
   * @param idleTimeout how long a connection may be silent; 100ms to 1h, default 60s
   * @param requestTimeout how long a request's body may take to arrive; 100ms to 1h, default 30s
   */
  public record Http(
      String host,
      int port,
      int bodyLimit,
      int headerLimit,
      int uriLimit,
      int inFlightLimit,
      int connectionLimit,
      Duration idleTimeout,
      Duration requestTimeout) {

    private static final Rule<Long> BODY = Rule.size(KIB, 64 * MIB);
    private static final Rule<Long> HEADERS = Rule.size(KIB, MIB);
    private static final Rule<Long> URI = Rule.size(256, MIB);
    private static final Rule<Duration> TIMEOUT =
        Rule.duration(Duration.ofMillis(100), Duration.ofHours(1));

    public Http {
      HOST.check("http.host", host);
      PORT.check("http.port", port);
      BODY.check("http.bodyLimit", (long) bodyLimit);
      HEADERS.check("http.headerLimit", (long) headerLimit);
      URI.check("http.uriLimit", (long) uriLimit);
      COUNT.check("http.inFlightLimit", inFlightLimit);
      COUNT.check("http.connectionLimit", connectionLimit);
      TIMEOUT.check("http.idleTimeout", idleTimeout);
      TIMEOUT.check("http.requestTimeout", requestTimeout);
    }

    static Http from(Section section) {
      return new Http(
          section.get("host", "127.0.0.1", HOST),
          section.get("port", 8080, PORT),
          Math.toIntExact(section.get("bodyLimit", MIB, BODY)),
          Math.toIntExact(section.get("headerLimit", 16 * KIB, HEADERS)),
          Math.toIntExact(section.get("uriLimit", 8 * KIB, URI)),
          section.get("inFlightLimit", 2_000, COUNT),
          section.get("connectionLimit", 10_000, COUNT),
          section.get("idleTimeout", Duration.ofSeconds(60), TIMEOUT),
          section.get("requestTimeout", Duration.ofSeconds(30), TIMEOUT));
    }
  }

  /**
   * The port that serves operators: health, readiness, metrics, backups.
   *
   * @param host the address to listen on; default 127.0.0.1
   * @param port 0 to 65535, where 0 picks a free one; default 8081
   */
  public record Management(String host, int port) {
    public Management {
      HOST.check("management.host", host);
      PORT.check("management.port", port);
    }

    static Management from(Section section) {
      return new Management(
          section.get("host", "127.0.0.1", HOST), section.get("port", 8081, PORT));
    }
  }

  /**
   * The change feed.
   *
   * @param keep how long a change can be read; 1s to 3650d, default 30d
   * @param streams event streams that may be open at once; 1 to 100,000, default 500
   */
  public record Changes(Duration keep, int streams) {
    private static final Rule<Duration> KEEP =
        Rule.duration(Duration.ofSeconds(1), Duration.ofDays(3650));
    private static final Rule<Integer> STREAMS = Rule.integer(1, 100_000);

    public Changes {
      KEEP.check("changes.keep", keep);
      STREAMS.check("changes.streams", streams);
    }

    static Changes from(Section section) {
      return new Changes(
          section.get("keep", Duration.ofDays(30), KEEP), section.get("streams", 500, STREAMS));
    }
  }

  /**
   * Copies of the store.
   *
   * @param folder where copies are written; made when first needed; default data/backups
   */
  public record Backup(Path folder) {
    private static final Rule<Path> FOLDER = Rule.path("the path of a folder");

    public Backup {
      FOLDER.check("backup.folder", folder);
    }

    static Backup from(Section section) {
      return new Backup(section.get("folder", Path.of("data/backups"), FOLDER));
    }
  }

  /**
   * How passwords are hashed: Argon2id, by default as OWASP recommends.
   *
   * @param threads how many hash at once; 1 to 64, default: the number of processors less one, and
   *     at least one
   * @param queue how many may wait beside them; 0 to 100,000, default 64
   * @param memory bytes that one hash takes, and that each thread keeps; 8KiB to 1GiB, default
   *     19MiB
   * @param iterations passes over that memory; 1 to 100, default 2
   * @param slowdown the longest for which the answer to one of many wrong passwords is held back;
   *     0s to 30s, default 1s
   */
  public record Credentials(
      int threads, int queue, long memory, int iterations, Duration slowdown) {
    private static final Rule<Integer> THREADS = Rule.integer(1, 64);
    private static final Rule<Integer> QUEUE = Rule.integer(0, 100_000);
    private static final Rule<Long> MEMORY = Rule.size(8 * KIB, GIB);
    private static final Rule<Integer> ITERATIONS = Rule.integer(1, 100);
    private static final Rule<Duration> SLOWDOWN =
        Rule.duration(Duration.ZERO, Duration.ofSeconds(30));

    public Credentials {
      THREADS.check("credentials.threads", threads);
      QUEUE.check("credentials.queue", queue);
      MEMORY.check("credentials.memory", memory);
      ITERATIONS.check("credentials.iterations", iterations);
      SLOWDOWN.check("credentials.slowdown", slowdown);
    }

    static Credentials from(Section section) {
      int spare = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
      return new Credentials(
          section.get("threads", Math.min(64, spare), THREADS),
          section.get("queue", 64, QUEUE),
          section.get("memory", 19 * MIB, MEMORY),
          section.get("iterations", 2, ITERATIONS),
          section.get("slowdown", Duration.ofSeconds(1), SLOWDOWN));
    }
  }

  /**
   * How many instances of what run in this process, and on what.
   *
   * @param transport how event loops wait for sockets; default auto
   * @param eventLoops threads that serve without ever waiting; 1 to 256, default: the number of
   *     processors
   * @param http instances of the HTTP server, each on an event loop; 0 (not here) to eventLoops,
   *     default: as many
   * @param bus instances of what serves over the event bus, each on an event loop; 0 (not here) to
   *     eventLoops, default 1. With 0 no other node can reach a store of this one either.
   * @param sources instances of each source that is asked over HTTP, each on an event loop; 0 (not
   *     here) to eventLoops, default: as many
   */
  public record Deploy(Transport transport, int eventLoops, int http, int bus, int sources) {

    /** What event loops wait for sockets with. */
    public enum Transport {
      /** The first of the others that this machine has. */
      AUTO,
      IO_URING,
      EPOLL,
      NIO
    }

    public Deploy {
      LOOPS.check("deploy.eventLoops", eventLoops);
      instances(eventLoops).check("deploy.http", http);
      instances(eventLoops).check("deploy.bus", bus);
      instances(eventLoops).check("deploy.sources", sources);
    }

    static Deploy from(Section section) {
      int processors = Math.min(256, Runtime.getRuntime().availableProcessors());
      int eventLoops = section.get("eventLoops", processors, LOOPS);
      return new Deploy(
          section.get("transport", Transport.AUTO, Rule.oneOf(Transport.class)),
          eventLoops,
          section.get("http", eventLoops, instances(eventLoops)),
          section.get("bus", 1, instances(eventLoops)),
          section.get("sources", eventLoops, instances(eventLoops)));
    }

    private static Rule<Integer> instances(int eventLoops) {
      return Rule.integer(0, eventLoops).because("at most one for each of deploy.eventLoops");
    }
  }

  /**
   * How the process ends.
   *
   * @param waitFor the key {@code wait}, a name that Java refuses here: how long it serves on after
   *     readiness fails, so that callers can turn away; 0s to 10m, default 0s
   * @param drain how long requests that are at work may take to finish, first those over HTTP and
   *     then those over the event bus; 0s to 10m, default 10s
   */
  public record Shutdown(Duration waitFor, Duration drain) {
    private static final Rule<Duration> PAUSE =
        Rule.duration(Duration.ZERO, Duration.ofMinutes(10));

    public Shutdown {
      PAUSE.check("shutdown.wait", waitFor);
      PAUSE.check("shutdown.drain", drain);
    }

    /** How long requests may be served or waited for at most, once the process is to end. */
    public Duration longest() {
      return waitFor.plus(drain).plus(drain);
    }

    static Shutdown from(Section section) {
      return new Shutdown(
          section.get("wait", Duration.ZERO, PAUSE),
          section.get("drain", Duration.ofSeconds(10), PAUSE));
    }
  }

  /**
   * What is logged, and how; always to standard output, one line an event.
   *
   * @param format for people or for programs; default text
   * @param level the least severe level that is logged; default info
   * @param access whether each request is logged, whatever the level; default true
   */
  public record Log(Format format, Level level, boolean access) {

    /** What a line looks like. */
    public enum Format {
      TEXT,
      JSON
    }

    /** How severe an event is. */
    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG
    }

    static Log from(Section section) {
      return new Log(
          section.get("format", Format.TEXT, Rule.oneOf(Format.class)),
          section.get("level", Level.INFO, Rule.oneOf(Level.class)),
          section.get("access", true, Rule.bool()));
    }
  }
}
