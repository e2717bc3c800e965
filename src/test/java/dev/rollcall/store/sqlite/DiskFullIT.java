package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full: a file system in memory of some megabytes. Skipped where it can't be
 * mounted, which takes root.
 */
class DiskFullIT {

  private static final long DISK_BYTES = 24 << 20;

  /**
   * Given up in two parts. Each is more than the write-ahead log, since the first commit afterwards
   * moves the log into the database, which takes as much space again.
   */
  private static final int BALLAST_BYTES = 16 << 20;

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final Map<Long, User> acknowledged = new HashMap<>();

  @BeforeEach
  void mount() throws Exception {
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", folder.toString());
    assumeTrue(mounted, "a file system in memory can't be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    await(vertx.close());
    run("umount", folder.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  private SqliteStore open() {
    // No cache, so that reads go to the file.
    return SqliteStore.open(
        vertx,
        new SqliteStore.Options(
            folder.resolve("users.db"), 2, 10_000, 0, 100_000, Duration.ofDays(30), Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }

  private static UserWrite creation(int number) {
    String attributes = "{\"filler\":\"%s\"}".formatted("x".repeat(2000));
    return new UserWrite.Create(new UserDraft(null, "U" + number, null, attributes), null);
  }

  /** Writes some users at once; what is acknowledged is kept in mind. */
  private List<Failure> write(SqliteStore store) {
    List<Future<WriteOutcome>> writes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      writes.add(store.write(creation(i)));
    }
    List<Failure> failures = new ArrayList<>();
    for (Future<WriteOutcome> write : writes) {
      try {
        User user = await(write).user();
        acknowledged.put(user.id(), user);
      } catch (Failure e) {
        failures.add(e);
      }
    }
    return failures;
  }

  private void writeUntilFull(SqliteStore store) {
    List<Failure> failures = write(store);
    for (int round = 0; failures.isEmpty() && round < 1000; round++) {
      failures = write(store);
    }
    assertThat(failures).isNotEmpty();
    for (Failure failure : failures) {
      assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
      assertThat(failure.detail()).isEqualTo("not written: the disk is full");
    }
  }

  private void assertNothingIsLost(SqliteStore store) {
    assertThat(acknowledged).isNotEmpty();
    acknowledged.forEach(
        (id, user) -> assertThat(await(store.find(id, new Cancellation()))).contains(user));
  }

  @RepeatedTest(3)
  void readsGoOnAndWritesWorkAgainOnceThereIsSpace() throws Exception {
    Path ballast = folder.resolve("ballast");
    Files.write(ballast, new byte[BALLAST_BYTES]);
    try (SqliteStore store = open()) {
      for (int times = 0; times < 2; times++) {
        writeUntilFull(store);
        assertNothingIsLost(store);
        await(store.probe());
        assertThat(await(store.list(UserQuery.all(0, 10), new Cancellation())).items())
            .isNotEmpty();
        assertThat(await(store.changes(0, 10, new Cancellation())).items()).isNotEmpty();
        Files.write(ballast, new byte[BALLAST_BYTES / 2 * (1 - times)]);
        Awaitility.await().until(() -> write(store).isEmpty());
        assertNothingIsLost(store);
      }
    }
    Files.delete(ballast);
    try (SqliteStore store = open()) {
      assertNothingIsLost(store);
      assertThat(feed(store)).isEqualTo(users(store));
    }
  }

  private static Map<Long, String> users(SqliteStore store) {
    Map<Long, String> users = new HashMap<>();
    List<User> page = await(store.list(UserQuery.all(0, 1000), new Cancellation())).items();
    while (!page.isEmpty()) {
      page.forEach(user -> users.put(user.id(), user.json().toString()));
      long last = page.get(page.size() - 1).id();
      page = await(store.list(UserQuery.all(last, 1000), new Cancellation())).items();
    }
    return users;
  }

  private static Map<Long, String> feed(SqliteStore store) {
    Map<Long, String> users = new HashMap<>();
    ChangePage page = await(store.changes(0, 1000, new Cancellation()));
    while (!page.items().isEmpty()) {
      for (Change change : page.items()) {
        users.put(change.id(), String.valueOf(change.user()));
      }
      page = await(store.changes(page.next(), 1000, new Cancellation()));
    }
    return users;
  }
}
