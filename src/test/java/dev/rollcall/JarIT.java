package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar from the command line: its flags, its exit codes, where its settings come from. */
@Timeout(120)
class JarIT {
  @TempDir Path folder;

  private RollcallProcess.Launch rollcall() {
    return RollcallProcess.in(folder);
  }

  /** Exit code 1 and one line for the operator, who should not have to read a stack trace. */
  private static void assertCannotStart(RollcallProcess ended, String... reasons) {
    assertThat(ended.awaitExit()).isEqualTo(1);
    assertThat(ended.err()).singleElement().asString().startsWith("cannot start: ");
    assertThat(ended.err().get(0)).contains(reasons).doesNotContain("\tat ");
    assertThat(ended.out()).noneMatch(line -> line.contains("Ready"));
  }

  @Test
  void versionPrintsTheVersionAndLeaves() {
    RollcallProcess ended = rollcall().runBare("--version");
    assertThat(ended.out()).singleElement().asString().matches("rollcall \\d+\\.\\d+\\.\\d+.*");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.awaitExit()).isZero();
  }

  @Test
  void helpNamesEveryFlagAndLeaves() {
    RollcallProcess ended = rollcall().runBare("--help");
    assertThat(String.join("\n", ended.out()))
        .contains("--conf", "--set", "--check", "--version", "--help", "Exit codes");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.awaitExit()).isZero();
  }

  @Test
  void checkOfGoodSettingsLeavesWithoutTouchingAnything() throws Exception {
    RollcallProcess ended = rollcall().run("--check");
    assertThat(ended.out()).containsExactly("configuration is valid");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.awaitExit()).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void everyFaultOfTheSettingsHasALineOfItsOwn() throws Exception {
    Path conf = folder.resolve("faulty.yaml");
    Files.writeString(conf, "http: {bodyLimit: 12 parsecs}\nchangs: {keep: 1d}\n");
    RollcallProcess ended =
        rollcall()
            .env("ROLLCALL_SHUTDOWN_DRAIN", "soon")
            .runBare("--check", "--conf", conf.toString(), "--set", "http.port=99999");
    assertThat(ended.awaitExit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    // Each names the key, the value, and what is allowed.
    assertThat(ended.err())
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).contains("http.port", "99999", "0 to 65535"))
        .anySatisfy(line -> assertThat(line).contains("http.bodyLimit", "12 parsecs", "MiB"))
        .anySatisfy(line -> assertThat(line).contains("shutdown.drain", "soon", "0s", "10m"))
        .anySatisfy(line -> assertThat(line).contains("changs", "changes"));
  }

  @Test
  void faultySettingsStopTheStartAsTheyDoTheCheck() {
    RollcallProcess ended = rollcall().set("store.readers", "0").run();
    assertThat(ended.awaitExit()).isEqualTo(2);
    assertThat(ended.err()).singleElement().asString().contains("store.readers", "0", "1 to 64");
    assertThat(folder.resolve("rollcall.db")).doesNotExist();
  }

  @Test
  void anUnknownFlagIsRefused() {
    RollcallProcess ended = rollcall().runBare("--verbose");
    assertThat(ended.awaitExit()).isEqualTo(2);
    assertThat(ended.err()).singleElement().asString().contains("--verbose", "--help");
  }

  @Test
  void aTakenPortIsOneClearLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      assertCannotStart(rollcall().set("http.port", port).run(), "http.port", port);
      assertCannotStart(rollcall().set("management.port", port).run(), "management.port", port);
    }
    // Neither start left the database locked.
    try (RollcallProcess running = rollcall().start()) {
      assertThat(running.isAlive()).isTrue();
    }
  }

  @Test
  void aDatabaseIsServedByOneProcessAtATime() {
    try (RollcallProcess first = rollcall().start()) {
      first.client().sendJson("PUT", "/users/1", "{\"name\":\"Alice\"}");
      assertCannotStart(rollcall().run(), "rollcall.db", "in use by another process");
      assertThat(first.client().send("GET", "/users/1").statusCode()).isEqualTo(200);
      assertThat(first.client().sendJson("PUT", "/users/1", "{\"name\":\"Alice A.\"}").statusCode())
          .isEqualTo(200);
      first.kill();
    }
    try (RollcallProcess next = rollcall().start()) {
      assertThat(next.client().send("GET", "/users/1").body()).contains("Alice A.");
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsLeftAsItIs() throws IOException {
    String text = "Dear diary, ".repeat(1000);
    Path file = Files.writeString(folder.resolve("rollcall.db"), text);
    assertCannotStart(rollcall().run(), "rollcall.db", "not a SQLite database");
    assertThat(file).hasContent(text);
  }

  @Test
  void aDataFolderThatCannotBeMadeIsOneClearLine() throws IOException {
    // Below a file there is no folder for anybody, root included.
    Path file = Files.createFile(folder.resolve("file"));
    String path = file.resolve("data/rollcall.db").toString();
    assertCannotStart(rollcall().set("store.path", path).run(), path);
  }

  @Test
  void aMissingConfigurationFileIsAFault() {
    RollcallProcess ended = rollcall().runBare("--conf", "nowhere.yaml");
    assertThat(ended.awaitExit()).isEqualTo(2);
    assertThat(ended.err()).singleElement().asString().contains("nowhere.yaml");
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
    Path conf = folder.resolve("rollcall.yaml");
    Files.writeString(
        conf,
        """
        http: {bodyLimit: 1KiB, uriLimit: 256B}
        log: {access: false, level: "${LOG_LEVEL}"}
        changes: {keep: 1d}
        """);
    try (RollcallProcess running =
        rollcall()
            .env("LOG_LEVEL", "warn")
            .env("ROLLCALL_HTTP_BODY_LIMIT", "2KiB")
            .env("ROLLCALL_HTTP_URI_LIMIT", "300B")
            .env("ROLLCALL_LOG_LEVEL", "info")
            .set("http.uriLimit", "2KiB")
            .start("--conf", conf.toString())) {
      RollcallClient client = running.client();
      assertThat(create(client, 1500)).as("more than the file's limit").isEqualTo(201);
      assertThat(create(client, 2500)).as("more than the variable's").isEqualTo(413);
      assertThat(client.send("GET", "/users?name=" + "a".repeat(150)).statusCode()).isEqualTo(200);
      assertThat(client.send("GET", "/users?name=" + "%41".repeat(150)).statusCode())
          .as("more than the file's and the variable's limit")
          .isEqualTo(200);
      assertThat(running.out()).noneMatch(line -> line.contains("GET /users"));
    }
  }

  private static int create(RollcallClient client, int bytes) {
    String body = "{\"name\":\"A\",\"attributes\":{\"a\":\"" + "x".repeat(bytes - 37) + "\"}}";
    return client.sendJson("POST", "/users", body).statusCode();
  }

  @Test
  void onlyTheDataFolderAndTheTemporaryOneAreWritten() throws IOException {
    // Nobody can create a file in /proc, root included.
    Path readOnly = Path.of("/proc");
    Assumptions.assumeTrue(Files.isDirectory(readOnly), "there is a folder that nobody can write");
    Path data = Files.createDirectory(folder.resolve("data"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (RollcallProcess running =
        RollcallProcess.in(data)
            .workingDirectory(readOnly)
            .jvm("-Djava.io.tmpdir=" + temporary, "-XX:-UsePerfData")
            .start()) {
      assertThat(running.client().sendJson("POST", "/users", "{\"name\":\"A\"}").statusCode())
          .isEqualTo(201);
      assertThat(running.client().export().users()).hasSize(1);
      running.terminate();
      assertThat(running.awaitExit()).isZero();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(data, temporary);
    }
    assertThat(List.of(data.resolve("rollcall.db"), data.resolve("rollcall.db.lock")))
        .allSatisfy(file -> assertThat(file).exists());
  }
}
