package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CopyCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(Map<String, String> env, String... args) {
    Main main = new Main(env, settings -> Future.failedFuture(new AssertionError("started")));
    CommandLine command = Main.commandLine(main);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(args);
  }

  private int copy(String from, String to) {
    return execute(Map.of(), "copy", "--from", from, "--to", to);
  }

  @Test
  void wrongArgumentsAreOneLineAndTheCodeIsTwo() {
    String file = "sqlite:" + folder.resolve("a.db");
    for (List<String> args :
        List.of(
            List.of("copy"),
            List.of("copy", "--from", file),
            List.of("copy", "--from", file, "--to"),
            List.of("copy", "--from", file, "--to", file),
            List.of("copy", "--from", file, "--to", "sqlite:" + folder.resolve("x/../a.db")),
            List.of("copy", "--from", "sqlite:", "--to", file),
            List.of("copy", "--from", "mysql://a@b/c", "--to", file),
            List.of("copy", "--from", file, "--to", "postgresql://host/"),
            List.of("copy", "--from", file, "--to", "postgresql://host/db"),
            List.of("copy", "--from", file, "--to", "postgresql://u@h/db", "--tls", "perhaps"),
            List.of("copy", "--from", file, "--to", "postgresql://u@h/db?sslmode=disable"),
            List.of("copy", "--from", file, "--to", "postgresql://u:${NOT_SET}@h/db"),
            List.of("copy", "--bogus"),
            List.of("copy", "extra"))) {
      err.getBuffer().setLength(0);
      assertThat(execute(Map.of(), args.toArray(String[]::new))).as(args.toString()).isEqualTo(2);
      assertThat(err.toString().lines()).as(args.toString()).hasSize(1);
    }
    assertThat(folder).isEmptyDirectory();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aPasswordIsNeverShown() {
    assertThat(copy("sqlite:" + folder.resolve("a.db"), "postgresql://u:s3cret@h")).isEqualTo(2);
    assertThat(copy("sqlite:" + folder.resolve("a.db"), "postgresql://u:s3cret@127.0.0.1:1/db"))
        .isEqualTo(1);
    assertThat(err.toString()).isNotEmpty().doesNotContain("s3cret");
  }

  @Test
  void settingsOfTheServedStoreAreNotLookedAt() {
    Map<String, String> env = Map.of("ROLLCALL_STORE_PATH", "served.db", "PASSWORD", "s3cret");
    String[] args = {
      "copy",
      "--from",
      "sqlite:" + folder.resolve("none.db"),
      "--to",
      "postgresql://u:${PASSWORD}@127.0.0.1:1/db"
    };
    assertThat(execute(env, args)).isEqualTo(1);
    assertThat(err.toString()).contains("none.db does not exist");
  }

  @Test
  void whatFailsIsOneLineAndTheCodeIsOne() {
    assertThat(copy("sqlite:" + folder.resolve("none.db"), "sqlite:" + folder.resolve("b.db")))
        .isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("cannot copy: ")
        .endsWith("none.db does not exist");
  }

  @Test
  void helpNamesItsOptions() {
    assertThat(execute(Map.of(), "copy", "--help")).isZero();
    assertThat(out.toString()).contains("--from", "--to", "--tls", "--trust", "PGPASSWORD");
    assertThat(execute(Map.of(), "--help")).isZero();
    assertThat(out.toString()).contains("copy");
  }
}
