package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyHash;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.Scopes;
import dev.rollcall.config.Settings;
import dev.rollcall.store.postgres.PostgresServer;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.Awaiting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Tag("slow")
class KeyCommandTest {
  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void closeVertx() {
    Awaiting.await(vertx.close());
  }

  private int execute(String... args) {
    Main main = new Main(Map.of(), settings -> Future.failedFuture(new AssertionError("started")));
    CommandLine command = Main.commandLine(main);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(args);
  }

  private Path file() {
    return folder.resolve("data").resolve("users.db");
  }

  private String store() {
    return "store.path=" + file();
  }

  private SqliteStore open() {
    return SqliteStore.open(
        vertx, SqliteStore.Options.of(Settings.of(store())), new SimpleMeterRegistry());
  }

  private static List<ApiKey> keys(KeyStore store) {
    return Awaiting.await(store.allKeys());
  }

  /** The key, which must be all that stands on the standard output. */
  private String shown() {
    assertThat(out.toString()).matches("rck_[0-9A-Za-z]{38}\\R");
    assertThat(err.toString()).doesNotContain(out.toString().strip());
    return out.toString().strip();
  }

  @Test
  void aKeyIsMadeInAStoreThatWasNotThere() throws Exception {
    Instant now = Instant.now();
    assertThat(
            execute(
                "key",
                "--set",
                store(),
                "--name",
                " first ",
                "--scope",
                "users:read",
                "--scope",
                "jobs",
                "--expires",
                "90d"))
        .isZero();
    String key = shown();
    try (SqliteStore store = open()) {
      ApiKey kept = keys(store.tables().keys()).get(0);
      assertThat(kept.name()).isEqualTo("first");
      assertThat(kept.scopes()).isEqualTo(Scopes.of(List.of("jobs", "users:read")));
      assertThat(kept.hash()).isEqualTo(KeyHash.of(key));
      assertThat(kept.by()).isNull();
      assertThat(kept.expiresAt())
          .isBetween(now.plus(Duration.ofDays(90)).minusMillis(1), now.plus(Duration.ofDays(91)));
    }
    assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
    assertThat(Files.getPosixFilePermissions(file().getParent())).hasSize(3);
  }

  @Test
  void settingsMayStandBeforeTheCommandAsWell() throws Exception {
    Path conf = Files.writeString(folder.resolve("a.yaml"), "store: {path: " + file() + "}\n");
    assertThat(execute("--conf", conf.toString(), "key", "--name", "a", "--scope", "*")).isZero();
    assertThat(execute("--set", store(), "key", "--name", "b", "--scope", "*")).isZero();
    try (SqliteStore store = open()) {
      assertThat(keys(store.tables().keys())).extracting(ApiKey::name).containsExactly("a", "b");
    }
  }

  @Test
  void aFileThatIsServedIsRefused() throws Exception {
    try (SqliteStore store = open()) {
      assertThat(execute("key", "--set", store(), "--name", "n", "--scope", "*")).isEqualTo(1);
      assertThat(out.toString()).isEmpty();
      assertThat(err.toString()).startsWith("cannot make a key: ").contains("in use");
      assertThat(keys(store.tables().keys())).isEmpty();
    }
  }

  @Test
  void aDatabaseMayBeServedMeanwhile() {
    String uri = PostgresServer.fresh("keys_of_the_command");
    try (var store = PostgresServer.store(vertx, PostgresServer.settings(uri))) {
      String[] settings = {"--set", "store.kind=postgres", "--set", "store.uri=" + uri};
      assertThat(
              execute(
                  "key",
                  settings[0],
                  settings[1],
                  settings[2],
                  settings[3],
                  "--name",
                  "n",
                  "--scope",
                  "*"))
          .isZero();
      assertThat(keys(store.tables().keys()))
          .singleElement()
          .extracting(ApiKey::hash)
          .isEqualTo(KeyHash.of(shown()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--name,'  '",
    "--scope,users",
    "--scope,self",
    "--scope,''",
    "--expires,soon",
    "--expires,2001-01-01T00:00:00Z",
    "--expires,999999999d",
    "--set,http.port=x",
    "--set,store.kind=remote",
  })
  void wrongArgumentsMakeNothing(String option, String value) {
    assertThat(
            execute(
                "key",
                "--set",
                store(),
                "--name",
                "n",
                "--scope",
                "jobs",
                "--expires",
                "1d",
                option,
                value))
        .isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isNotBlank();
    assertThat(file()).doesNotExist();
  }
}
