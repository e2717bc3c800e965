package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;

/**
 * Chromium, driven by the scripts of {@code src/test/browser}, each of which is a program of its
 * own in Node. What a script reports becomes assertions here.
 */
final class Browser {

  private static final Path PROGRAMS = Path.of("src", "test", "browser").toAbsolutePath();
  private static final Path SHOTS = Path.of("target", "browser").toAbsolutePath();

  /** What Playwright asks for. */
  private static final int OLDEST_NODE = 20;

  /** Names of the program among the systems. */
  private static final List<String> CHROMIUM = List.of("chromium", "chromium-browser");

  /** Longer than a script takes on a busy machine; it is waited for only where a test fails. */
  private static final long PATIENCE_SECONDS = 180;

  /** Why there are no packages; asked for once, since it may take a while to learn. */
  private static volatile String missing = "";

  private final String chromium;
  private final Path folder;

  private Browser(String chromium, Path folder) {
    this.chromium = chromium;
    this.folder = folder;
  }

  /**
   * The browser of this machine. Where it, Node or their packages can't be had, the test is
   * skipped.
   *
   * @param folder takes what the programs write, and is the test's own
   */
  static Browser assumed(Path folder) throws IOException, InterruptedException {
    Optional<Path> found = CHROMIUM.stream().flatMap(name -> onPath(name).stream()).findFirst();
    assumeThat(found).as("Chromium is installed here").isPresent();
    assumeThat(onPath("node")).as("Node is installed here").isPresent();
    assumeThat(onPath("npm")).as("npm is installed here").isPresent();
    Browser browser = new Browser(found.orElseThrow().toString(), folder);
    Ended version = browser.execute("", "node", "--version");
    assumeThat(Integer.parseInt(version.out().replaceFirst("(?s)^v(\\d+).*", "$1")))
        .as("the version of Node")
        .isGreaterThanOrEqualTo(OLDEST_NODE);
    if (missing.isEmpty()) {
      browser.install();
    }
    assumeThat(missing).as("why npm can't get Playwright and axe").isEmpty();
    return browser;
  }

  private static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator), -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The packages that the scripts need, in the versions of package-lock.json; once for all JVMs.
   */
  private void install() throws IOException, InterruptedException {
    Path wanted = PROGRAMS.resolve("package-lock.json");
    Path installed = PROGRAMS.resolve("node_modules").resolve(".installed");
    Files.createDirectories(SHOTS);
    try (FileChannel channel =
        FileChannel.open(
            SHOTS.resolve("install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock unused = channel.lock(); // Held until the channel is closed.
      if (!Files.exists(installed) || Files.mismatch(wanted, installed) != -1) {
        Ended ended =
            execute(
                "",
                "npm",
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--fetch-retries=1",
                "--fetch-timeout=30000");
        if (ended.code() == 0) {
          Files.copy(wanted, installed);
        } else {
          missing = ended.toString();
        }
      }
    }
  }

  /**
   * Runs a script, and fails where one of its steps did, where a page said anything in its console,
   * had an error, a request that failed or one to another host, and where axe found what it calls
   * serious or critical.
   *
   * @param script its name in {@code src/test/browser/scripts}, without the ending
   * @param arguments what the script is given beside its browser
   * @return the values that it put down, for the test to judge
   */
  JsonNode run(String script, JsonObject arguments) throws IOException, InterruptedException {
    JsonObject all = arguments.copy().put("chromium", chromium).put("shots", SHOTS.toString());
    Ended ended = execute(all.encode(), "node", "run.mjs", script);
    assertThat(ended.code()).as("the script %s: %s", script, ended).isZero();
    JsonNode report = RollcallClient.json(ended.out());
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(report.get("steps")).as("steps").isNotEmpty();
    report
        .get("steps")
        .forEach(step -> softly.assertThat(step.get("error")).as(step.toString()).isNull());
    softly.assertThat(report.get("notices")).as("what the pages say").isEmpty();
    softly
        .assertThat(report.get("violations"))
        .filteredOn(found -> isSerious(found.path("impact").asText()))
        .as("what axe finds")
        .isEmpty();
    softly.assertAll();
    return report.get("values");
  }

  private static boolean isSerious(String impact) {
    return impact.equals("serious") || impact.equals("critical");
  }

  private record Ended(int code, String out, String err) {
    static final int TOO_LATE = -1;
  }

  /**
   * Runs a program in the folder of the scripts to its end, and ends it where it takes too long.
   */
  private Ended execute(String input, String... command) throws IOException, InterruptedException {
    Path in = Files.writeString(Files.createTempFile(folder, "browser", ".in"), input);
    Path out = Files.createTempFile(folder, "browser", ".out");
    Path err = Files.createTempFile(folder, "browser", ".err");
    Process process =
        new ProcessBuilder(command)
            .directory(PROGRAMS.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      int code = ended ? process.exitValue() : Ended.TOO_LATE;
      return new Ended(code, Files.readString(out), Files.readString(err));
    } finally {
      List<ProcessHandle> started = new ArrayList<>(process.descendants().toList());
      started.add(process.toHandle());
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
