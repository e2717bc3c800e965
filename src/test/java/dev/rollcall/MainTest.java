package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.rollcall.config.Settings;
import dev.rollcall.ops.Logging;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class MainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AtomicReference<Settings> started = new AtomicReference<>();

  private int execute(String... args) {
    return execute(settings -> Future.failedFuture(new AssertionError("started")), args);
  }

  private int execute(Function<Settings, Future<Rollcall>> starter, String... args) {
    Main main =
        new Main(
            Map.of(),
            settings -> {
              started.set(settings);
              return starter.apply(settings);
            });
    CommandLine command = Main.commandLine(main);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(args);
  }

  @AfterEach
  void logAsBefore() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new Logging.Initial().configure(context);
  }

  @Test
  void checkSaysThatTheConfigurationIsValidAndStartsNothing() {
    assertThat(execute("--check", "--set", "http.port=0")).isZero();
    assertThat(out.toString().strip()).isEqualTo("configuration is valid");
    assertThat(err.toString()).isEmpty();
    assertThat(started.get()).isNull();
  }

  @Test
  void versionPrintsTheVersionOfTheBuild() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString().strip()).matches("rollcall \\d+\\.\\d+\\.\\d+\\S*");
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("--conf", "--set", "--check", "--version", "--help");
  }

  @Test
  void eachConfigurationFaultIsALineOnStderrAndTheCodeIsTwo() {
    assertThat(execute("--set", "http.port=eighty", "--set", "log.level=loud")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "http.port: \"eighty\": an integer from 0 to 65535 (from --set)",
            "log.level: \"loud\": error, warn, info or debug (from --set)");
    assertThat(out.toString()).isEmpty();
    assertThat(started.get()).isNull();
  }

  @Test
  void checkOfAWrongConfigurationHasTheCodeTwoAsWell() {
    assertThat(execute("--check", "--conf", folder.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(err.toString().strip()).endsWith("there is no such file").hasLineCount(1);
  }

  @Test
  void aWrongArgumentIsOneLineAndTheCodeIsTwo() {
    for (String[] args :
        List.of(new String[] {"--bogus"}, new String[] {"--set"}, new String[] {"extra"})) {
      err.getBuffer().setLength(0);
      assertThat(execute(args)).isEqualTo(2);
      assertThat(err.toString().lines()).hasSize(1);
    }
  }

  @Test
  void theLastOfTwoFilesCounts() throws Exception {
    Path first = Files.writeString(folder.resolve("1.yaml"), "http: {port: wrong}");
    Path last = Files.writeString(folder.resolve("2.yaml"), "http: {port: 0}");
    assertThat(execute("--conf", first.toString(), "--conf", last.toString(), "--check")).isZero();
  }

  @Test
  void aFailedStartIsOneClearLineAndTheCodeIsOne() {
    int code =
        execute(
            settings -> Future.failedFuture(new IllegalStateException("port 80 is taken")),
            "--set",
            "http.port=80",
            "--set",
            "log.access=false");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().strip()).isEqualTo("cannot start: port 80 is taken");
    assertThat(started.get()).isEqualTo(Settings.of("http.port=80", "log.access=false"));
  }

  @Test
  void anUnexpectedReasonIsToldWithItsClassInOneLine() {
    int code = execute(settings -> Future.failedFuture(new IOException("no\nspace\u001b left")));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("cannot start: java.io.IOException: no; space  left");
  }
}
