package dev.rollcall;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.Settings;
import dev.rollcall.store.postgres.PostgresServer;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
class BeginEpochCommandTest {
  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  private int execute(String... args) {
    Main main = new Main(Map.of(), settings -> Future.failedFuture(new AssertionError("started")));
    CommandLine command = Main.commandLine(main);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(args);
  }

  private SqliteStore open() {
    Settings settings = Settings.of("store.path=" + folder.resolve("users.db"));
    return SqliteStore.open(vertx, SqliteStore.Options.of(settings), new SimpleMeterRegistry());
  }

  private static User create(UserStore store) {
    return await(store.write(new UserWrite.Create(new UserDraft(null, "A", null, "{}"), null)))
        .user();
  }

  private static void assertBegun(UserStore store, User last, long floor) {
    assertThat(floor).isGreaterThan(last.seq() + (1L << 32));
    assertThat(await(store.changes(last.seq(), 10, new Cancellation())).items()).isEmpty();
    assertThat(failureOf(store.changes(last.seq() + 1, 10, new Cancellation())).kind())
        .isEqualTo(Kind.GONE);
    User next = create(store);
    assertThat(next.seq()).isEqualTo(floor + 1);
    assertThat(next.id()).isGreaterThan(last.id() + (1L << 32));
  }

  private long said() {
    String line = out.toString().strip();
    assertThat(line.lines()).hasSize(1);
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  void aFileThatIsSaidToBePutBackBeginsAnEpoch() throws Exception {
    User last;
    try (SqliteStore store = open()) {
      last = create(store);
    }
    assertThat(execute("begin-epoch", "--store", "sqlite:" + folder.resolve("users.db"))).isZero();
    try (SqliteStore store = open()) {
      assertBegun(store, last, said());
    }
  }

  @Test
  void aDatabaseThatIsSaidToBePutBackBeginsAnEpochBeneathItsNodes() {
    String uri = PostgresServer.fresh("begun");
    try (var store = PostgresServer.store(vertx, PostgresServer.settings(uri))) {
      User last = create(store);
      assertThat(execute("begin-epoch", "--store", uri, "--tls", "disable")).isZero();
      assertBegun(store, last, said());
    }
    PostgresServer.execute(PostgresServer.uri(), "DROP DATABASE begun WITH (FORCE)");
  }

  @Test
  void whatFailsIsOneLineAndTheCodeIsOne() throws Exception {
    String none = "sqlite:" + folder.resolve("none.db");
    assertThat(execute("begin-epoch", "--store", none)).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
    String empty = PostgresServer.fresh("begun");
    assertThat(execute("begin-epoch", "--store", empty, "--tls", "disable")).isEqualTo(1);
    PostgresServer.execute(PostgresServer.uri(), "DROP DATABASE begun WITH (FORCE)");
    try (SqliteStore store = open()) {
      create(store);
      String used = "sqlite:" + folder.resolve("users.db");
      assertThat(execute("begin-epoch", "--store", used)).isEqualTo(1);
    }
    assertThat(err.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("cannot begin-epoch: the database "));
    assertThat(err.toString()).contains("does not exist", "holds no users", "is in use");
  }

  @Test
  void wrongArgumentsAreOneLineAndTheCodeIsTwo() {
    for (List<String> args :
        List.of(
            List.of("begin-epoch"),
            List.of("begin-epoch", "--store", "mysql://a@b/c"),
            List.of("begin-epoch", "--store", "sqlite:"),
            List.of("begin-epoch", "--store", "sqlite:a.db", "more"))) {
      err.getBuffer().setLength(0);
      assertThat(execute(args.toArray(String[]::new))).as(args.toString()).isEqualTo(2);
      assertThat(err.toString().lines()).as(args.toString()).hasSize(1);
    }
  }
}
