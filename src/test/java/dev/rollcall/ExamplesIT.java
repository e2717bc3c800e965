package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.cluster.FreePorts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of other programs, each by its one command, against the fat jar. Those in languages
 * that this machine does not have, or whose packages can't be had, are skipped.
 */
class ExamplesIT {

  private static final Path EXAMPLES = Path.of("src", "examples").toAbsolutePath();

  /** By which the example's command says that its packages can't be had. */
  private static final int UNAVAILABLE = 69;

  private static final long PATIENCE_SECONDS = 180;

  /** The administrator's key, which members of the cluster do not need. */
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String OTHER_SECRET = "whsec_" + "A".repeat(32);

  /** What each of them shows, line by line. */
  private static final List<String> SHOWN =
      List.of(
          "created Alice as user \\d+",
          "read Alice, etag \"\\d+\"",
          "failed as expected: 404 User not found",
          "view loyalty: ok \\{\"points\": ?\\d+}",
          "following the changes after \\d+",
          "change \\d+: updated user \\d+",
          "away",
          "meanwhile Bob came and Alice left",
          "back, catching up from \\d+",
          "change \\d+: created user \\d+",
          "change \\d+: deleted user \\d+",
          "caught up");

  @TempDir Path folder;

  @Test
  void aClientInNode() throws Exception {
    overTheBridge("node", "node", "npm");
  }

  @Test
  void aClientInPython() throws Exception {
    overTheBridge("python", "python3");
  }

  @Test
  void aClientInGo() throws Exception {
    overTheBridge("go", "go");
  }

  @Test
  void aMemberInJava() throws Exception {
    String port = Integer.toString(FreePorts.findOne());
    try (RollcallProcess rollcall = start("--cluster", "--set", "cluster.port=" + port)) {
      shows("jvm", "127.0.0.1:" + port);
      // Members come and go, and the others stay.
      assertThat(rollcall.isAlive()).isTrue();
    }
  }

  private void overTheBridge(String example, String... commands) throws Exception {
    for (String command : commands) {
      assumeThat(isInstalled(command)).as("%s is not installed here", command).isTrue();
    }
    String[] callers = {
      "--set", "auth.kind=required",
      "--set", "auth.adminKey=" + TOKEN,
      "--set", "webhooks.allow=127.0.0.0/8"
    };
    try (RollcallProcess rollcall = start(callers)) {
      shows(example, rollcall.http().toString());
      receives(example, rollcall.client());
    }
  }

  /**
   * Its receiver of webhooks takes what is signed with its secret, and what came before no more.
   */
  private void receives(String example, RollcallClient client) throws Exception {
    Path out = folder.resolve(example + "-receiver.out");
    ProcessBuilder command =
        new ProcessBuilder(EXAMPLES.resolve(example).resolve("run").toString(), "receiver", "0")
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve(example + "-receiver.err").toFile());
    command.environment().put("WEBHOOK_SECRET", SECRET);
    Process receiver = command.start();
    try {
      String url = awaitLine(out, "receiving at (http:\\S+)");
      declare(client, example, url, SECRET);
      send(client, "PUT", "/users/1000", "{\"name\":\"Carol\"}");
      String first = awaitLine(out, "chg_(\\d+): created user 1000");
      String replayed = "{\"after\":" + (Long.parseLong(first) - 1) + "}";
      send(client, "POST", "/webhooks/" + example + "/replay", replayed);
      awaitLine(out, "(chg_" + first + " again)");
      declare(client, example, url, OTHER_SECRET);
      send(client, "PUT", "/users/1000", "{\"name\":\"Carola\"}");
      awaitLine(out, "(refused: .+)");
      declare(client, example, url, OTHER_SECRET, SECRET);
      // Again and again, since nobody is told when the refusal is recorded.
      Pattern taken = Pattern.compile("(?m)^chg_\\d+: updated user 1000$");
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                send(client, "POST", "/webhooks/" + example + "/resume", "");
                return taken.matcher(Files.readString(out)).find();
              });
    } finally {
      receiver.descendants().forEach(ProcessHandle::destroyForcibly);
      receiver.destroyForcibly().waitFor();
    }
  }

  private static void declare(RollcallClient client, String name, String url, String... secrets) {
    JsonObject webhook = JsonObject.of("url", url, "secrets", new JsonArray(List.of(secrets)));
    send(client, "PUT", "/webhooks/" + name, webhook.encode());
  }

  private static void send(RollcallClient client, String method, String path, String body) {
    var answer = client.sendJson(method, path, body, "Authorization", "Bearer " + TOKEN);
    assertThat(answer.statusCode()).as("%s %s", path, answer.body()).isIn(200, 201);
  }

  private static String awaitLine(Path out, String line) {
    Pattern pattern = Pattern.compile("(?m)^" + line + "$");
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              Matcher found = pattern.matcher(Files.readString(out));
              return found.find() ? found.group(1) : "";
            },
            text -> !text.isEmpty());
  }

  private RollcallProcess start(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--conf", EXAMPLES.resolve("rollcall.yaml").toString()));
    return RollcallProcess.in(folder).start(all.toArray(String[]::new));
  }

  private static boolean isInstalled(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private void shows(String example, String address) throws IOException, InterruptedException {
    Path out = folder.resolve(example + ".out");
    Path err = folder.resolve(example + ".err");
    ProcessBuilder command =
        new ProcessBuilder(EXAMPLES.resolve(example).resolve("run").toString(), address)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    command.environment().put("ROLLCALL_TOKEN", TOKEN);
    Process process = command.start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    List<String> shown = Files.readAllLines(out);
    String complaints = Files.readString(err);
    assertThat(ended).as("%s ends; it showed %s %s", example, shown, complaints).isTrue();
    assumeThat(process.exitValue())
        .as("the packages of the example %s can't be had here: %s", example, complaints)
        .isNotEqualTo(UNAVAILABLE);
    assertThat(process.exitValue()).as("%s: %s %s", example, shown, complaints).isZero();
    assertThat(shown).as("%s: %s", example, complaints).hasSameSizeAs(SHOWN);
    for (int i = 0; i < SHOWN.size(); i++) {
      assertThat(shown.get(i)).as(example).matches(SHOWN.get(i));
    }
  }
}
