package dev.rollcall.store.copy;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.store.postgres.PostgresServer;
import dev.rollcall.store.postgres.PostgresStore;
import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies into a real PostgreSQL and back, and processes that are killed in the middle of it. */
@Timeout(300)
class StoreCopyIT {

  private static final int KILLS = 6;

  private static final String MARKS =
      "SELECT count(*) FROM pg_tables WHERE tablename = 'unfinished_copy'";

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final String database = PostgresServer.fresh("copied");

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  private Path source() {
    return folder.resolve("source.db");
  }

  private SqliteStore open(Path path) {
    return SqliteStore.open(
        vertx,
        new SqliteStore.Options(
            path, 2, 100_000, 1 << 20, 1 << 20, Duration.ofDays(30), Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }

  private PostgresStore openDatabase() {
    return PostgresServer.store(vertx, PostgresServer.settings(database));
  }

  private static List<String> rows(Path file) throws Exception {
    return SampleStore.rows("jdbc:sqlite:" + file);
  }

  private StorePlace postgres() {
    return StorePlace.postgres(PostgresServer.settings(database));
  }

  private static UserWrite creation(String name) {
    return new UserWrite.Create(new UserDraft(null, name, null, "{}"), null);
  }

  private void fill(int users) throws IOException {
    try (SqliteStore store = open(source())) {
      List<UserWrite> writes = new ArrayList<>();
      for (int i = 0; i < users; i++) {
        writes.add(creation("User " + i));
      }
      await(store.writeAll(writes));
      new SampleStore(11).write(store, 600);
      SampleStore.makeKeys(store);
    }
  }

  @Test
  void theWayToPostgresAndBackGivesTheSameRows() throws Exception {
    fill(3000);
    List<String> said = new ArrayList<>();
    assertThat(StoreCopy.run(StorePlace.sqlite(source()), postgres(), said::add)).isTrue();
    Path back = folder.resolve("back.db");
    assertThat(StoreCopy.run(postgres(), StorePlace.sqlite(back), said::add)).isTrue();
    assertThat(rows(back)).isEqualTo(rows(source()));
    assertThat(said).noneMatch(line -> line.contains("DIFFERENT"));
  }

  @Test
  void theDatabaseGoesOnWhereTheFileWas() throws Exception {
    fill(10);
    StoreCopy.run(StorePlace.sqlite(source()), postgres(), line -> {});
    try (SqliteStore original = open(source());
        PostgresStore copied = openDatabase()) {
      assertThat(copied.position()).isEqualTo(original.position());
      var next = await(original.write(creation("Next"))).user();
      var same = await(copied.write(creation("Next"))).user();
      assertThat(same.id()).isEqualTo(next.id());
      assertThat(same.seq()).isEqualTo(next.seq());
      assertThat(await(copied.changes(0, 1000, new Cancellation())).items().get(0))
          .isEqualTo(await(original.changes(0, 1000, new Cancellation())).items().get(0));
    }
  }

  @Test
  void anUnfinishedDatabaseIsNotStartedOn() throws Exception {
    fill(10);
    assertThatThrownBy(
            () ->
                StoreCopy.run(
                    StorePlace.sqlite(source()),
                    postgres(),
                    line -> {
                      if (line.startsWith("comparing")) {
                        throw new UnsupportedOperationException(line);
                      }
                    }))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatIllegalStateException()
        .isThrownBy(this::openDatabase)
        .withMessageContaining("holds a part of a copy");
    Path third = folder.resolve("third.db");
    assertThatIllegalStateException()
        .isThrownBy(() -> StoreCopy.run(postgres(), StorePlace.sqlite(third), line -> {}))
        .withMessageContaining("holds a part of a copy");
    assertThat(StoreCopy.run(StorePlace.sqlite(source()), postgres(), line -> {})).isTrue();
    openDatabase().close();
  }

  @Test
  void aDatabaseTakesNoWritesWhileItIsCopiedFrom() throws Exception {
    try (PostgresStore serving = openDatabase()) {
      await(serving.write(creation("Before")));
      Path file = folder.resolve("file.db");
      boolean same =
          StoreCopy.run(
              postgres(),
              StorePlace.sqlite(file),
              line -> {
                if (line.startsWith("copying")) {
                  assertThat(failureOf(serving.write(creation("Meanwhile"))).kind())
                      .isEqualTo(Kind.UNAVAILABLE);
                }
              });
      assertThat(same).isTrue();
      await(serving.write(creation("After")));
      try (SqliteStore copied = open(file)) {
        assertThat(copied.position()).isEqualTo(1);
      }
    }
  }

  @Test
  void aDatabaseIsCopiedIntoByOneAtATime() throws Exception {
    fill(10);
    Path other = folder.resolve("other.db");
    open(other).close();
    boolean same =
        StoreCopy.run(
            StorePlace.sqlite(source()),
            postgres(),
            line -> {
              if (line.startsWith("copying")) {
                assertThatIllegalStateException()
                    .isThrownBy(
                        () -> StoreCopy.run(StorePlace.sqlite(other), postgres(), second -> {}))
                    .withMessageContaining("is being copied to already");
              }
            });
    assertThat(same).isTrue();
  }

  @Test
  void aDatabaseThatIsNoneOfOursIsNoSource() {
    Path file = folder.resolve("file.db");
    assertThatIllegalStateException()
        .isThrownBy(() -> StoreCopy.run(postgres(), StorePlace.sqlite(file), line -> {}))
        .withMessageContaining("holds no users of Rollcall");
    assertThat(file).doesNotExist();
  }

  /** The command as a process, which ends, or is killed so long after it began to copy. */
  private int copyInAProcess(long killAfterMillis) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.add("-Duser.language=" + Locale.getDefault().getLanguage());
    command.add("-Duser.country=" + Locale.getDefault().getCountry());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.rollcall.Main"));
    command.addAll(List.of("copy", "--from", "sqlite:" + source(), "--to", database));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    try {
      List<String> said = new ArrayList<>();
      String line = process.inputReader().readLine();
      said.add(String.valueOf(line));
      if (!process.waitFor(killAfterMillis, TimeUnit.MILLISECONDS)) {
        process.toHandle().destroyForcibly();
      }
      process.inputReader().lines().forEach(said::add);
      int code = process.waitFor();
      assertThat(code).as(String.join("\n", said)).isIn(0, 128 + 9);
      return code;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aCopyThatIsKilledAgainAndAgainIsWholeAtTheEnd() throws Exception {
    fill(60_000);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      copyInAProcess(random.nextInt(500));
      if (PostgresServer.number(database, MARKS) == 0) {
        break; // It was finished first.
      }
      killed++;
      assertThatIllegalStateException()
          .as("seed %d", seed)
          .isThrownBy(this::openDatabase)
          .withMessageContaining("holds a part of a copy");
    }
    assertThat(killed).as("seed %d", seed).isPositive();
    assertThat(copyInAProcess(TimeUnit.MINUTES.toMillis(2))).isZero();
    Path back = folder.resolve("back.db");
    assertThat(StoreCopy.run(postgres(), StorePlace.sqlite(back), line -> {})).isTrue();
    assertThat(rows(back)).as("seed %d", seed).isEqualTo(rows(source()));
  }
}
