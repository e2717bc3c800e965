package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserPage;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackupTest {

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  private SqliteStore open(Path path) {
    return SqliteStore.open(
        vertx,
        new SqliteStore.Options(path, 2, 100_000, 1 << 20, 1 << 20, Duration.ofDays(30)),
        new SimpleMeterRegistry());
  }

  private static UserWrite creation(int number) {
    String attributes = "{\"n\":%d,\"filler\":\"%s\"}".formatted(number, "x".repeat(500));
    return new UserWrite.Create(new UserDraft(null, "U" + number, null, attributes), null);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aCopyMadeWhileWritingIsConsistent() throws IOException {
    Path backups = folder.resolve("not/yet/there");
    List<Future<WriteOutcome>> writes = new ArrayList<>();
    long acknowledged;
    SqliteBackup.Copy copy;
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      List<UserWrite> bulk = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        bulk.add(creation(i));
      }
      await(store.writeAll(bulk));
      for (int i = 0; i < 500; i++) {
        writes.add(store.write(creation(i)));
      }
      acknowledged = await(writes.get(0)).user().seq();
      Future<SqliteBackup.Copy> running = store.backup(backups).run();
      for (int i = 0; i < 5000; i++) {
        writes.add(store.write(creation(i)));
      }
      copy = await(running);
      writes.forEach(write -> await(write));
    }
    assertThat(copy.bytes()).isEqualTo(Files.size(copy.path())).isPositive();
    assertThat(names(backups)).containsExactly(copy.path().getFileName().toString());
    try (SqliteStore restored = open(copy.path())) {
      assertThat(restored.position()).isGreaterThanOrEqualTo(acknowledged);
      assertThat(feed(restored)).isEqualTo(users(restored)).hasSizeGreaterThanOrEqualTo(5001);
      User user = await(restored.write(creation(1))).user();
      assertThat(await(restored.find(user.id()))).contains(user);
    }
  }

  private static Map<Long, String> users(SqliteStore store) {
    Map<Long, String> users = new HashMap<>();
    UserPage page = await(store.list(UserQuery.all(0, 1000)));
    while (!page.items().isEmpty()) {
      page.items().forEach(user -> users.put(user.id(), user.json().toString()));
      long last = page.items().get(page.items().size() - 1).id();
      page = await(store.list(UserQuery.all(last, 1000)));
    }
    return users;
  }

  private static Map<Long, String> feed(SqliteStore store) {
    Map<Long, String> users = new HashMap<>();
    ChangePage page = await(store.changes(0, 1000));
    while (!page.items().isEmpty()) {
      for (Change change : page.items()) {
        users.put(change.id(), String.valueOf(change.user()));
      }
      page = await(store.changes(page.next(), 1000));
    }
    return users;
  }

  @Test
  void twoBackupsAtOnceAreAConflict() throws IOException {
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      Path backups = folder.resolve("backups");
      Future<SqliteBackup.Copy> first = store.backup(backups).run();
      Future<SqliteBackup.Copy> second = store.backup(backups).run();
      assertThat(failureOf(second).kind()).isEqualTo(Kind.CONFLICT);
      await(first);
      assertThat(await(store.backup(backups).run()).path()).exists();
      assertThat(names(backups)).hasSize(2);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsUnavailableAndLeavesNothingBehind() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      SqliteBackup backup = store.backup(plain.resolve("below"));
      assertThat(failureOf(backup.run()).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failureOf(backup.run()).detail())
          .startsWith("no backup was written")
          .doesNotContain(folder.toString());
    }
  }
}
