import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the peers that are not Java, each when it is first asked for. What was built before is
 * used again by the tools themselves. A peer that can't be built is left out, and a note says why.
 */
final class Peers {

  /** The first build fetches libraries and compiles them all. */
  private static final long BUILD_SECONDS = 1200;

  private static final Path HERE = Path.of("scripts/bench.d").toAbsolutePath();

  private final Path target;
  private final Results results;
  private final Map<String, Optional<Path>> built = new HashMap<>();

  Peers(Path target, Results results) {
    this.target = target;
    this.results = results;
  }

  Optional<Path> axum() throws IOException, InterruptedException {
    Path folder = target.resolve("axum");
    return build(
        "axum",
        folder.resolve("release/rollcall-bench-axum"),
        List.of(
            "cargo",
            "build",
            "--release",
            "--manifest-path",
            HERE.resolve("axum/Cargo.toml").toString(),
            "--target-dir",
            folder.toString()));
  }

  Optional<Path> krakend() throws IOException, InterruptedException {
    Path program = target.resolve("krakend");
    return build(
        "krakend",
        program,
        List.of(
            "go",
            "-C",
            HERE.resolve("krakend").toString(),
            "build",
            "-o",
            program.toString(),
            "."));
  }

  private Optional<Path> build(String peer, Path program, List<String> command)
      throws IOException, InterruptedException {
    if (!built.containsKey(peer)) {
      built.put(peer, run(peer, program, command));
    }
    return built.get(peer);
  }

  private Optional<Path> run(String peer, Path program, List<String> command)
      throws IOException, InterruptedException {
    String tool = command.get(0);
    if (!onPath(tool)) {
      results.note("skipped: " + peer + ", since it takes " + tool + ", which is not here");
      return Optional.empty();
    }
    System.err.println("bench: building " + peer);
    Path log = target.resolve(peer + ".log");
    Program build = Program.start(command, Map.of(), "", log);
    if (build.await(BUILD_SECONDS) != 0) {
      System.err.println(build.tail());
      results.note("skipped: " + peer + ", since " + tool + " could not build it");
      return Optional.empty();
    }
    return Optional.of(program);
  }

  /** Whether a program is found where a shell would find it. */
  static boolean onPath(String program) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
