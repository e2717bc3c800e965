import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the servers, each with its logs and files in a folder of its own. */
final class Fleet {

  static final String VIEW = "/users/1/views/profile";

  /** Where the programs of this folder are. */
  static final String CLASS_PATH = "target/rollcall.jar:" + Bench.CLASSES;

  private static final Path HERE = Path.of("scripts/bench.d").toAbsolutePath();
  private static final List<String> WITH_VIEW =
      List.of("--conf", HERE.resolve("rollcall.yaml").toString());

  /**
   * A Rollcall that is measured.
   *
   * @param name as the table has it
   * @param root the clone where its script and its jar are
   */
  record Build(String name, Path root) {}

  private static final Build OURS = new Build(Results.OURS, Path.of("").toAbsolutePath());

  private final Path folder;
  private final Peers peers;
  private final Optional<Path> before;
  private final Seeds seeds = new Seeds(this);
  private int started;

  /**
   * Nothing is started yet.
   *
   * @param before the clone of an earlier Rollcall, to be compared with alone
   */
  Fleet(Path folder, Peers peers, Optional<Path> before) {
    this.folder = folder;
    this.peers = peers;
    this.before = before;
  }

  /** Rollcall with so many users, through the script that everybody runs it with. */
  Server rollcall(Placement placement, int users) throws IOException, InterruptedException {
    return rollcall(placement, users, List.of());
  }

  /** The same with the view of three sources. */
  Server rollcall(Placement placement, int users, Server upstream)
      throws IOException, InterruptedException {
    return rollcallWithView(placement, users, upstream, "", List.of());
  }

  /** The same with flags of the JVM and further arguments. */
  Server rollcallWithView(
      Placement placement,
      int users,
      Server upstream,
      String javaOptions,
      List<String> arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(WITH_VIEW);
    all.addAll(arguments);
    return rollcall(
        OURS,
        placement,
        store(users),
        VIEW,
        Map.of("BENCH_UPSTREAM", upstream.url(""), "JAVA_OPTS", javaOptions),
        all);
  }

  /** Rollcall with the sources whose answers are chosen from or kept. */
  Server rollcallWithSources(Placement placement, int users, Server upstream)
      throws IOException, InterruptedException {
    Map<String, String> environment = Map.of("BENCH_UPSTREAM", upstream.url(""));
    List<String> conf = List.of("--conf", HERE.resolve("sources.yaml").toString());
    return rollcall(OURS, placement, store(users), VIEW, environment, conf);
  }

  /** Rollcall that delivers to this machine too. */
  Server rollcallWithWebhooks(Placement placement, int users)
      throws IOException, InterruptedException {
    return rollcall(placement, users, List.of("--set", "webhooks.allow=127.0.0.0/8"));
  }

  /** Receivers of webhooks, in one program beside the load. */
  Server receivers(Placement placement) throws IOException, InterruptedException {
    return Server.start(
        "receivers",
        "/figures",
        port -> java(placement.load(), "Receivers", List.of(Integer.toString(port))));
  }

  /** The same with flags of the JVM and further arguments. */
  Server rollcall(Placement placement, int users, String javaOptions, List<String> arguments)
      throws IOException, InterruptedException {
    Map<String, String> environment = Map.of("JAVA_OPTS", javaOptions);
    return rollcall(OURS, placement, store(users), "/users/1", environment, arguments);
  }

  /** The same with further arguments. */
  Server rollcall(Placement placement, int users, List<String> arguments)
      throws IOException, InterruptedException {
    return rollcall(OURS, placement, store(users), "/users/1", Map.of(), arguments);
  }

  /** A store of one's own with so many users. */
  Path store(int users) throws IOException, InterruptedException {
    return store(OURS, users);
  }

  private Path store(Build build, int users) throws IOException, InterruptedException {
    return seeds.copy(build, users, folder());
  }

  /** Rollcall with an empty store. */
  Server rollcall(Build build, Path store) throws IOException, InterruptedException {
    return rollcall(build, Placement.defaults(), store, "/users", Map.of(), List.of());
  }

  /** Whether an earlier Rollcall is all that is compared with. */
  boolean beforeOnly() {
    return before.isPresent();
  }

  /** An earlier Rollcall, through its own script; empty where none is compared with. */
  Optional<Server> before(Placement placement, int users, Optional<Server> upstream)
      throws IOException, InterruptedException {
    if (before.isEmpty()) {
      return Optional.empty();
    }
    Build build = new Build(Results.BEFORE, before.get());
    Path store = store(build, users);
    if (upstream.isEmpty()) {
      return Optional.of(rollcall(build, placement, store, "/users/1", Map.of(), List.of()));
    }
    Map<String, String> environment = Map.of("BENCH_UPSTREAM", upstream.get().url(""));
    return Optional.of(rollcall(build, placement, store, VIEW, environment, WITH_VIEW));
  }

  private Server rollcall(
      Build build,
      Placement placement,
      Path store,
      String probe,
      Map<String, String> environment,
      List<String> arguments)
      throws IOException, InterruptedException {
    return Server.start(
        build.name(),
        probe,
        port -> {
          List<String> command =
              new ArrayList<>(List.of(build.root().resolve("scripts/run").toString()));
          command.addAll(arguments);
          set(command, "http.port=" + port);
          set(command, "management.port=0");
          set(command, "store.path=" + store);
          set(command, "backup.folder=" + store.getParent());
          set(command, "log.access=false");
          if (placement.pinned()) {
            set(command, "deploy.eventLoops=1");
            set(command, "deploy.http=1");
            set(command, "deploy.sources=1");
          }
          return Program.start(command, environment, placement.server(), log(build.name()));
        });
  }

  private static void set(List<String> command, String setting) {
    command.add("--set");
    command.add(setting);
  }

  /** Answers with what Rollcall has for that user, whichever is asked for. */
  Server bare(Placement placement, String answer) throws IOException, InterruptedException {
    Path file = Files.writeString(folder().resolve("answer.http"), answer);
    return Server.start(
        "bare",
        "/users/1",
        port ->
            java(
                placement.server(),
                "Bare",
                List.of(
                    Integer.toString(port), Integer.toString(placement.loops()), file.toString())));
  }

  /** Three services, in one program, which answer so much later. */
  Server upstream(Placement placement, int delayMillis) throws IOException, InterruptedException {
    return Server.start(
        "upstream",
        "/served",
        port ->
            java(
                placement.upstream(),
                "Upstream",
                List.of(Integer.toString(port), Integer.toString(delayMillis))));
  }

  /** The flags are those of scripts/run, as far as they matter to a program so small. */
  Program java(String processors, String main, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("java", "-XX:MaxRAMPercentage=60", "-Xshare:auto", "-cp"));
    command.addAll(List.of(CLASS_PATH, main));
    command.addAll(arguments);
    return Program.start(command, Map.of(), processors, log(main));
  }

  Optional<Server> axum(Placement placement, int users, Optional<Server> upstream)
      throws IOException, InterruptedException {
    Optional<Path> program = beforeOnly() ? Optional.empty() : peers.axum();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Server.start(
            "axum",
            "/users/1",
            port -> {
              Map<String, String> environment =
                  Map.of(
                      "PORT", Integer.toString(port),
                      "USERS", Integer.toString(users),
                      "UPSTREAM", upstream.map(server -> server.url("")).orElse(""),
                      "TOKIO_WORKER_THREADS", Integer.toString(placement.loops()));
              List<String> command = List.of(program.get().toString());
              return Program.start(command, environment, placement.server(), log("axum"));
            }));
  }

  Optional<Server> krakend(Placement placement, Server upstream)
      throws IOException, InterruptedException {
    Optional<Path> program = beforeOnly() ? Optional.empty() : peers.krakend();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    String settings = Files.readString(HERE.resolve("krakend/krakend.json"));
    Path file = folder().resolve("krakend.json");
    return Optional.of(
        Server.start(
            "krakend",
            VIEW,
            port -> {
              Files.writeString(
                  file,
                  settings
                      .replace("\"port\": 0", "\"port\": " + port)
                      .replace("UPSTREAM", upstream.url("")));
              List<String> command = List.of(program.get().toString(), file.toString());
              Map<String, String> environment =
                  Map.of("GOMAXPROCS", Integer.toString(placement.loops()));
              return Program.start(command, environment, placement.server(), log("krakend"));
            }));
  }

  Path folder() throws IOException {
    return Files.createDirectories(folder.resolve(Integer.toString(++started)));
  }

  Path log(String program) throws IOException {
    return folder().resolve(program + ".log");
  }
}
