package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SqliteBackupTest extends SqliteFiles {

  private static UserWrite creation(int number) {
    String attributes =
        String.format(Locale.ROOT, "{\"n\":%d,\"filler\":\"%s\"}", number, "x".repeat(500));
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
      Future<SqliteBackup.Copy> running = store.backup(backups, 7).run();
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
      assertThat(await(restored.find(user.id(), new Cancellation()))).contains(user);
    }
  }

  private static Map<Long, String> users(SqliteStore store) {
    Map<Long, String> users = new HashMap<>();
    UserPage page = await(store.list(UserQuery.all(0, 1000), new Cancellation()));
    while (!page.items().isEmpty()) {
      page.items().forEach(user -> users.put(user.id(), user.json().toString()));
      long last = page.items().get(page.items().size() - 1).id();
      page = await(store.list(UserQuery.all(last, 1000), new Cancellation()));
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

  @Test
  void twoBackupsAtOnceAreAConflict() throws IOException {
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      Path backups = folder.resolve("backups");
      Future<SqliteBackup.Copy> first = store.backup(backups, 7).run();
      Future<SqliteBackup.Copy> second = store.backup(backups, 7).run();
      assertThat(failureOf(second).kind()).isEqualTo(Kind.CONFLICT);
      await(first);
      assertThat(await(store.backup(backups, 7).run()).path()).exists();
      assertThat(names(backups)).hasSize(2);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsUnavailableAndLeavesNothingBehind() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      SqliteBackup backup = store.backup(plain.resolve("below"), 7);
      assertThat(failureOf(backup.run()).kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failureOf(backup.run()).detail())
          .startsWith("no backup was written")
          .doesNotContain(folder.toString());
    }
  }

  private static List<Path> madeBefore(Path backups, int count) throws IOException {
    Files.createDirectories(backups);
    List<Path> made = new ArrayList<>();
    for (int day = 1; day <= count; day++) {
      String name = String.format(Locale.ROOT, "rollcall-202601%02dT000000.000Z.db", day);
      made.add(Files.writeString(backups.resolve(name), "x"));
    }
    return made;
  }

  @Test
  void theOldestCopiesGoFirst() throws IOException {
    Path backups = folder.resolve("backups");
    List<Path> older = madeBefore(backups, 5);
    // Their age is what their name says, since a copy of a copy is as old as that.
    Files.setLastModifiedTime(older.get(4), FileTime.fromMillis(0));
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      Path newest = await(store.backup(backups, 3).run()).path();
      try (Stream<Path> left = Files.list(backups)) {
        assertThat(left).containsExactlyInAnyOrder(older.get(3), older.get(4), newest);
      }
      Path newer = await(store.backup(backups, 1).run()).path();
      try (Stream<Path> left = Files.list(backups)) {
        assertThat(left).containsExactly(newer);
      }
    }
  }

  @Test
  void theCopyThatWasJustMadeStaysThoughTheClockWasAheadBefore() throws IOException {
    Path backups = Files.createDirectories(folder.resolve("backups"));
    Path ahead = Files.writeString(backups.resolve("rollcall-29991231T000000.000Z.db"), "x");
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      Path made = await(store.backup(backups, 1).run()).path();
      assertThat(made).exists();
      assertThat(ahead).doesNotExist();
    }
  }

  @Test
  void whatIsNoCopyOfOursStays() throws IOException {
    Path backups = folder.resolve("backups");
    Path inUse = madeBefore(backups, 2).get(0);
    Files.createFile(inUse.resolveSibling(inUse.getFileName() + ".lock"));
    List<String> others =
        List.of(
            "rollcall-20260101.db",
            "rollcall-20260101T000000.000Z.db.gz",
            "xrollcall-20260101T000000.000Z.db",
            "rollcall.db",
            "rollcall-20260109T000000.000Z.db.partial");
    for (String other : others) {
      Files.createFile(backups.resolve(other));
    }
    Files.createDirectory(backups.resolve("rollcall-20260104T000000.000Z.db"));
    Path abandoned = Files.createFile(backups.resolve("rollcall-20260105T000000.000Z.db.partial"));
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(2, ChronoUnit.HOURS)));
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      Path made = await(store.backup(backups, 1).run()).path();
      List<String> left = new ArrayList<>(others);
      left.add("rollcall-20260104T000000.000Z.db");
      left.add(inUse.getFileName().toString());
      left.add(inUse.getFileName() + ".lock");
      left.add(made.getFileName().toString());
      assertThat(names(backups)).containsExactlyInAnyOrderElementsOf(left);
    }
  }

  @Test
  void manyAtOnceLeaveNoMoreThanAreKept() throws IOException {
    Path backups = folder.resolve("backups");
    try (SqliteStore store = open(folder.resolve("users.db"))) {
      int made = 0;
      for (int round = 0; round < 4; round++) {
        List<Future<SqliteBackup.Copy>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          all.add(store.backup(backups, 2).run());
        }
        await(Future.join(all).otherwiseEmpty());
        made += (int) all.stream().filter(Future::succeeded).count();
        assertThat(names(backups)).hasSize(Math.min(2, made));
      }
      assertThat(made).isGreaterThanOrEqualTo(4);
    }
  }
}
