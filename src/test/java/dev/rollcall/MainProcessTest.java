package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: signals, exit codes, and what it prints unasked. */
@Timeout(60)
@Tag("slow")
class MainProcessTest {
  @TempDir Path folder;

  private @Nullable Process process;

  @AfterEach
  void endTheProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      // What the manifest of the jar says; without it a newer JVM warns of native libraries.
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Duser.language=" + Locale.getDefault().getLanguage());
    command.add("-Duser.country=" + Locale.getDefault().getCountry());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.rollcall.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ROLLCALL_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    process = builder.start();
    return process;
  }

  @Test
  void aTerminatedProcessClosesAndItsExitCodeIsZero() throws Exception {
    Process running =
        start("--set", "http.port=0", "--set", "management.port=0", "--set", "log.level=info");
    BufferedReader log = running.inputReader();
    Stream<String> upToReady = log.lines().takeWhile(line -> !line.contains(" Ready at http://"));
    assertThat(upToReady).allSatisfy(line -> assertThat(line).matches("\\S+Z (INFO|WARN) .*"));
    // Not Process.destroy(), which also closes the streams that tell how it went.
    running.toHandle().destroy();
    List<String> rest = log.lines().toList();
    assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).isZero();
    assertThat(rest).last().asString().endsWith(" closed");
    assertThat(running.errorReader().lines()).isEmpty();
  }

  @Test
  void checkPrintsNothingButItsAnswer() throws Exception {
    Process running = start("--check");
    assertThat(running.inputReader().lines()).containsExactly("configuration is valid");
    assertThat(running.errorReader().lines()).isEmpty();
    assertThat(running.waitFor()).isZero();
  }

  @Test
  void aFaultEndsTheProcessWithTwo() throws Exception {
    Process running = start("--set", "http.port=eighty");
    assertThat(running.inputReader().lines()).isEmpty();
    assertThat(running.errorReader().lines()).hasSize(1);
    assertThat(running.waitFor()).isEqualTo(2);
  }
}
