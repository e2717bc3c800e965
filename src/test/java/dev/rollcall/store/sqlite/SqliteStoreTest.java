package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.jobs.IdList;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.NewJob;
import dev.rollcall.store.Migrations;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is SQLite's own: the file, its settings, the queue before its one writer. */
class SqliteStoreTest {

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final List<SqliteStore> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws IOException {
    for (SqliteStore store : opened) {
      store.close();
    }
    await(vertx.close());
  }

  private Path file() {
    return folder.resolve("users.db");
  }

  private SqliteStore open() {
    return open(file(), 10_000);
  }

  private SqliteStore open(Path path, int queue) {
    SqliteStore store =
        SqliteStore.open(
            vertx,
            new SqliteStore.Options(
                path, 2, queue, 1 << 20, 1 << 20, Duration.ofDays(30), Long.MAX_VALUE),
            new SimpleMeterRegistry());
    opened.add(store);
    return store;
  }

  private static UserWrite creation(String name) {
    return new UserWrite.Create(new UserDraft(null, name, null, "{}"), null);
  }

  private static User create(SqliteStore store, String name) {
    return await(store.write(creation(name))).user();
  }

  private void fill(int users) throws IOException {
    try (SqliteStore store = open()) {
      List<UserWrite> writes = new ArrayList<>();
      for (int i = 0; i < users; i++) {
        writes.add(
            new UserWrite.Create(
                new UserDraft(null, "U" + i, String.format(Locale.ROOT, "u%d@x.org", i), "{}"),
                null));
      }
      await(store.writeAll(writes));
    }
  }

  private String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet row = statement.getResultSet()) {
        return String.valueOf(row.getString(1));
      }
    }
  }

  /** One sentence for the operator: no stack, no class name. */
  private void assertRefused(Path path, String because) {
    assertThatThrownBy(() -> open(path, 10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(because)
        .hasMessageContaining(path.getFileName().toString())
        .message()
        .doesNotContain("Exception", "\n");
  }

  @Test
  void aFileThatIsInUseIsRefusedUntilItIsClosed() throws IOException {
    SqliteStore first = open();
    create(first, "A");
    assertRefused(file(), "in use");
    assertThat(create(first, "B").id()).as("the first goes on").isEqualTo(2);
    first.close();
    assertThat(create(open(), "C").id()).isEqualTo(3);
  }

  @Test
  void anotherNameForAFileInUseIsRefusedToo() throws IOException {
    Path link = folder.resolve("link.db");
    open();
    Files.createSymbolicLink(link, file());
    assertThatThrownBy(() -> open(link, 10)).hasMessageContaining("in use");
    Path linkedFolder = folder.resolve("linked");
    Files.createSymbolicLink(linkedFolder, folder);
    assertThatThrownBy(() -> open(linkedFolder.resolve("users.db"), 10))
        .hasMessageContaining("in use");
  }

  @Test
  void aFailedStartLeavesTheFileFree() throws Exception {
    Files.writeString(file(), "this is not a database at all, and it is long enough ".repeat(100));
    assertRefused(file(), "not a SQLite database");
    assertRefused(file(), "not a SQLite database");
    Files.delete(file());
    assertThat(create(open(), "A").id()).isEqualTo(1);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    fill(5000);
    long size = Files.size(file());
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.truncate(size / 2);
    }
    assertRefused(file(), "damaged");
  }

  @Test
  void aFolderInThePlaceOfTheFileIsRefused() throws IOException {
    Files.createDirectory(file());
    assertRefused(file(), "can't be opened");
  }

  @Test
  void aPathBelowAFileIsRefused() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    assertRefused(plain.resolve("users.db"), "can't be");
    assertRefused(plain.resolve("deeper").resolve("users.db"), "can't be");
  }

  @Test
  void aMissingFolderIsMade() {
    assertThat(create(open(folder.resolve("a/b/c/users.db"), 10), "A").id()).isEqualTo(1);
  }

  @Test
  void aNewerSchemaIsRefused() throws Exception {
    fill(1);
    ask("PRAGMA user_version = " + (Migrations.SQLITE.newest() + 1));
    assertRefused(file(), "schema " + (Migrations.SQLITE.newest() + 1));
  }

  @Test
  void aForeignDatabaseIsRefusedAndLeftAlone() throws Exception {
    ask("CREATE TABLE theirs (a)");
    assertRefused(file(), "can't be brought up to date");
    assertThat(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'users'")).isEqualTo("0");
  }

  @Test
  void migrationsRunOnceAndAreSkippedWhenCurrent() throws Exception {
    fill(1);
    assertThat(ask("PRAGMA user_version")).isEqualTo(String.valueOf(Migrations.SQLITE.newest()));
    String count = "SELECT count(*) FROM schema_history";
    assertThat(ask(count)).isEqualTo(String.valueOf(Migrations.SQLITE.newest()));
    // Flyway would make its table again; a start that leaves it out was one without Flyway.
    ask("DROP TABLE schema_history");
    fill(1);
    assertThat(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_history'"))
        .isEqualTo("0");
  }

  @Test
  void aFileOfTheFirstVersionKeepsItsUsersAndGetsPasswords() throws Exception {
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + file(), null, null)
        .locations("classpath:db/sqlite")
        .table("schema_history")
        .target("1")
        .load()
        .migrate();
    ask(
        "INSERT INTO users VALUES (7, 'Zoë', x'7a6fc3ab', 'z@x.org', x'7a40782e6f7267',"
            + " '{\"a\":1}', 3, 1000, 2000, 5)");
    ask(
        "INSERT INTO changes (seq, kind, id, version, at, user) VALUES (5, 1, 7, 3, "
            + System.currentTimeMillis()
            + ","
            + " '{\"id\":7}')");
    ask("UPDATE counters SET last_seq = 5, next_id = 8");
    assertThat(ask("PRAGMA user_version")).isEqualTo("1");
    assertThat(ask("SELECT count(*) FROM sqlite_schema WHERE name = 'credentials'")).isEqualTo("0");

    SqliteStore store = open();
    User user = await(store.find(7, new Cancellation())).orElseThrow();
    assertThat(user.name()).isEqualTo("Zoë");
    assertThat(user.email()).isEqualTo("z@x.org");
    assertThat(user.version()).isEqualTo(3);
    assertThat(user.seq()).isEqualTo(5);
    assertThat(await(store.changes(0, 10, new Cancellation())).items()).hasSize(1);
    assertThat(await(store.passwordHash(7, new Cancellation()))).isEmpty();
    await(store.write(new UserWrite.SetPassword(7, "hash", null)));
    assertThat(await(store.passwordHash(7, new Cancellation()))).contains("hash");
    assertThat(create(store, "Next").id()).isGreaterThan(7);
    assertThat(ask("PRAGMA user_version")).isEqualTo(String.valueOf(Migrations.SQLITE.newest()));
  }

  @Test
  void everyConnectionIsInWalAndWaitsForTheDisk() throws Exception {
    try (SqliteFile file = SqliteFile.open(file());
        Connection writer = file.writer();
        Connection reader = file.reader()) {
      for (Connection connection : List.of(writer, reader)) {
        try (Statement statement = connection.createStatement()) {
          try (ResultSet row = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(row.getString(1)).isEqualTo("wal");
          }
          try (ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
            assertThat(row.getInt(1)).isEqualTo(2);
          }
        }
      }
      try (Statement statement = reader.createStatement()) {
        assertThatThrownBy(() -> statement.execute("DELETE FROM users"))
            .isInstanceOf(SQLException.class);
      }
    }
  }

  /** Holds the writer within a commit's aftermath, where its listeners run. */
  private static final class HeldWriter implements AutoCloseable {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    HeldWriter(SqliteStore store) throws InterruptedException {
      store.signal().subscribe(this::hold);
      await(store.write(creation("holds")));
      reached.await();
    }

    private void hold() {
      reached.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      go.countDown();
    }
  }

  @Test
  void aFullQueueRefusesAndWhatWasTakenInIsWritten() throws Exception {
    SqliteStore store = open(file(), 100);
    List<Future<WriteOutcome>> taken = new ArrayList<>();
    try (HeldWriter held = new HeldWriter(store)) {
      assertThat(held).isNotNull();
      for (int i = 0; i < 100; i++) {
        taken.add(store.write(creation("taken")));
      }
      Failure refused = failureOf(store.write(creation("refused")));
      assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(refused.detail()).startsWith("not written");
    }
    taken.forEach(write -> assertThat(await(write).kind()).isEqualTo(WriteOutcome.Kind.CREATED));
    assertThat(await(store.list(UserQuery.all(0, 1000), new Cancellation())).items())
        .hasSize(101)
        .noneMatch(user -> user.name().equals("refused"));
  }

  @Test
  void tooManyListsAreRefusedWithoutAFailure() throws Exception {
    SqliteStore store = open();
    List<Future<BulkOutcome>> lists = new ArrayList<>();
    try (HeldWriter held = new HeldWriter(store)) {
      assertThat(held).isNotNull();
      for (int i = 0; i < 200; i++) {
        lists.add(store.writeAll(List.of(creation("bulk"))));
      }
    }
    List<BulkOutcome> outcomes = lists.stream().map(list -> await(list)).toList();
    long written = outcomes.stream().filter(outcome -> outcome.stopped() == null).count();
    assertThat(written).isBetween(1L, 199L);
    assertThat(outcomes.get(199).results()).isEmpty();
    assertThat(String.valueOf(outcomes.get(199).stopped())).contains("not written");
    assertThat(await(store.list(UserQuery.all(0, 1000), new Cancellation())).items())
        .hasSize((int) written + 1);
  }

  @Test
  void aListYieldsToSingleWrites() throws Exception {
    SqliteStore store = open();
    Future<BulkOutcome> list;
    Future<WriteOutcome> single;
    try (HeldWriter held = new HeldWriter(store)) {
      assertThat(held).isNotNull();
      List<UserWrite> writes = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        writes.add(creation("bulk"));
      }
      list = store.writeAll(writes);
      single = store.write(creation("single"));
    }
    List<BulkOutcome.Result> results = await(list).results();
    long seq = await(single).user().seq();
    assertThat(results)
        .extracting(BulkOutcome.Result::outcome)
        .allMatch(outcome -> outcome != null && outcome.user().seq() > seq);
  }

  @Test
  void closingWritesWhatWaitsAndRefusesWhatComesLater() throws Exception {
    SqliteStore store = open();
    List<Future<WriteOutcome>> waiting = new ArrayList<>();
    Future<BulkOutcome> list;
    Thread closing =
        new Thread(
            () -> {
              try {
                store.close();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try (HeldWriter held = new HeldWriter(store)) {
      assertThat(held).isNotNull();
      for (int i = 0; i < 1000; i++) {
        waiting.add(store.write(creation("waits")));
      }
      List<UserWrite> writes = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        writes.add(creation("bulk"));
      }
      list = store.writeAll(writes);
      closing.start();
      // The queue is closed once a write is refused.
      Future<WriteOutcome> late = store.write(creation("late"));
      while (!late.failed()) {
        waiting.add(late);
        late = store.write(creation("late"));
      }
      assertThat(failureOf(late).detail()).startsWith("not written");
    }
    closing.join();
    waiting.forEach(write -> assertThat(await(write).kind()).isEqualTo(WriteOutcome.Kind.CREATED));
    assertThat(await(list).results()).hasSize(300);
    assertThat(failureOf(store.write(creation("later"))).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(String.valueOf(await(store.writeAll(List.of(creation("later")))).stopped()))
        .contains("not written");
    assertThat(failureOf(store.list(UserQuery.all(0, 10), new Cancellation())).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(failureOf(store.probe()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failureOf(store.find(999_999, new Cancellation())).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(open().position()).isEqualTo(1 + waiting.size() + 300);
  }

  @Test
  void aListenerThatThrowsDoesNotStopTheWriter() {
    SqliteStore store = open();
    store
        .signal()
        .subscribe(
            () -> {
              throw new IllegalStateException("thrown by a test");
            });
    create(store, "A");
    assertThat(create(store, "B").id()).isEqualTo(2);
  }

  @Test
  void whatCanNeverBeWrittenKeepsNobodyElseFromWriting() throws Exception {
    SqliteStore store = open();
    create(store, "A");
    ask("CREATE TRIGGER never BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'never'); END");
    ask(
        "CREATE TRIGGER poison BEFORE INSERT ON users WHEN new.name = 'poison'"
            + " BEGIN SELECT RAISE(ABORT, 'never'); END");
    NewJob job =
        new NewJob(
            new JobSpec(JobSpec.Kind.FETCH, "profile", false, 1), IdList.of(1), null, 0, null, 10);
    for (int i = 0; i < 3; i++) {
      Failure task = failureOf(store.jobs().start(job));
      assertThat(task.kind()).isEqualTo(Kind.INTERNAL);
      assertThat(task.detail()).startsWith("not written: ");
      // The store that has to open its file anew refuses what comes within a tenth of a second.
      assertThat(create(store, "B").version()).isEqualTo(1);
      Failure write = failureOf(store.write(creation("poison")));
      assertThat(write.detail()).startsWith("not written: ");
      assertThat(create(store, "C").version()).isEqualTo(1);
    }
    await(store.probe());
  }

  @Test
  void aCallerWhoseContextIsGoneIsToldAllTheSame() {
    Vertx callers = Vertx.vertx();
    SqliteStore store =
        SqliteStore.open(
            callers,
            new SqliteStore.Options(file(), 1, 10, 0, 1000, Duration.ofDays(1), Long.MAX_VALUE),
            new SimpleMeterRegistry());
    opened.add(store);
    create(store, "A");
    await(callers.close());
    assertThat(create(store, "B").id()).isEqualTo(2);
    assertThat(create(store, "C").id()).isEqualTo(3);
  }

  @Test
  void aHandlerThatThrowsKeepsNoOtherCallerWaiting() throws Exception {
    SqliteStore store = open();
    List<Future<WriteOutcome>> answers = new ArrayList<>();
    try (HeldWriter held = new HeldWriter(store)) {
      assertThat(held).isNotNull();
      for (int i = 0; i < 10; i++) {
        answers.add(
            store
                .write(creation("A"))
                .onComplete(
                    done -> {
                      throw new IllegalStateException("thrown by a test");
                    }));
      }
    }
    answers.forEach(answer -> assertThat(await(answer)).isNotNull());
  }

  @Test
  void aUserThatWasDeletedIsNotInTheFileAnyMore() throws Exception {
    try (SqliteStore store = open()) {
      User user =
          await(
                  store.write(
                      new UserWrite.Create(
                          new UserDraft(null, "A", "secret-address@x.org", "{}"), null)))
              .user();
      await(store.write(new UserWrite.Delete(user.id(), Precondition.NONE, null)));
    }
    assertThat(ask("SELECT count(*) FROM changes WHERE user IS NOT NULL")).isEqualTo("0");
    assertThat(ask("SELECT count(*) FROM users")).isEqualTo("0");
  }

  private @Nullable String integrity() throws SQLException {
    return ask("PRAGMA integrity_check");
  }

  @Test
  void theFileIsSoundAfterManyWrites() throws Exception {
    fill(3000);
    assertThat(integrity()).isEqualTo("ok");
    assertThat(
            ask(
                "SELECT count(*) FROM users JOIN changes USING (id, seq, version)"
                    + " WHERE json_extract(user, '$.email') = email"))
        .isEqualTo("3000");
  }
}
