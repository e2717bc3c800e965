package dev.rollcall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a process makes is its owner's alone, also where its umask would let everybody write.
 */
@Timeout(120)
@Tag("slow")
class UmaskTest {
  private static final Pattern READY =
      Pattern.compile("Ready at (http://\\S+), management at (http://\\S+)");

  @TempDir Path folder;

  private @Nullable Process process;

  @AfterEach
  void endTheProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process start(String... args) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "umask"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", classPath(), "dev.rollcall.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLLCALL_"));
    process = builder.start();
    return process;
  }

  /** From wherever it is started. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void end(Process running) throws InterruptedException {
    running.toHandle().destroy();
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Matcher ready(BufferedReader log) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = log.readLine();
    while (line != null) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return ready;
      }
      lines.add(line);
      line = log.readLine();
    }
    throw new AssertionError("it did not start: " + lines);
  }

  private static void post(String url, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(201);
  }

  /** Whatever was made that is not its owner's alone, with its permissions. */
  private Map<String, String> open() throws IOException {
    Path temporary = folder.resolve("tmp");
    Map<String, String> open = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        boolean ofTheTest = file.equals(folder) || file.equals(temporary);
        if (!ofTheTest && !permissions.endsWith("------")) {
          open.put(folder.relativize(file).toString(), permissions);
        }
      }
    }
    return open;
  }

  @Test
  void whatItMakesIsItsOwnersAlone() throws Exception {
    String store = "data/below/rollcall.db";
    Process server =
        start(
            "--set=http.port=0",
            "--set=management.port=0",
            "--set=store.path=" + store,
            "--set=backup.folder=backups/here");
    Matcher ready = ready(server.inputReader());
    post(ready.group(1) + "/users", "{\"name\":\"A\"}");
    post(ready.group(2) + "/backup", "");
    assertThat(folder.resolve(store + "-wal")).exists();
    assertThat(open()).isEmpty();
    end(server);
    assertThat(open()).isEmpty();

    Process copying = start("copy", "--from=sqlite:" + store, "--to=sqlite:copies/" + store);
    String said = new String(copying.getInputStream().readAllBytes(), UTF_8);
    assertThat(copying.waitFor()).as(said).isZero();
    assertThat(folder.resolve("copies/" + store)).exists();
    assertThat(open()).isEmpty();
  }
}
