package dev.rollcall.store.sqlite;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in the files of a database of users who were deleted. */
class DeletedContentTest {

  private static final int USERS = 400;

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final Random random = new Random(22);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Path file(String suffix) {
    return folder.resolve("users.db" + suffix);
  }

  private SqliteStore open() {
    return SqliteStore.open(
        vertx,
        new SqliteStore.Options(
            file(""), 2, 10_000, 1 << 20, 1 << 20, Duration.ofDays(30), Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }

  private static String mark(long id) {
    return String.format(Locale.ROOT, "mark%05dz", id);
  }

  private UserDraft draft(long id) {
    String filler = "y".repeat(random.nextInt(10) == 0 ? 9_000 : random.nextInt(300));
    return new UserDraft(
        id, mark(id), mark(id) + "@x.org", "{\"a\":\"" + mark(id) + filler + "\"}");
  }

  private void put(SqliteStore store, long id) {
    await(store.write(new UserWrite.Put(id, draft(id), Precondition.NONE, null)));
  }

  private int deleted(SqliteStore store) {
    int deleted = 0;
    for (long id = 1; id <= USERS; id++) {
      put(store, id);
    }
    for (long id = 1; id <= USERS; id++) {
      put(store, 1 + random.nextInt(USERS / 2) * 2L);
    }
    for (long id = 2; id <= USERS; id += 2) {
      await(store.write(new UserWrite.Delete(id, Precondition.NONE, null)));
      deleted++;
    }
    return deleted;
  }

  @Test
  void deletedContentIsOverwrittenAndLeavesTheLog() throws IOException {
    int deleted;
    try (SqliteStore store = open()) {
      deleted = deleted(store);
      assertThat(file("-wal")).isNotEmptyFile();
      await(store.emptyLog());
      assertThat(Files.size(file("-wal"))).isZero();
    }
    String content = Files.readString(file(""), StandardCharsets.ISO_8859_1);
    int left = 0;
    for (long id = 1; id <= USERS; id++) {
      assertThat(id % 2 == 0 || content.contains(mark(id))).isTrue();
      left += id % 2 == 0 && content.contains(mark(id)) ? 1 : 0;
    }
    // SQLite moves rows between pages, and does not overwrite where they were until it needs that.
    assertThat(left).isLessThanOrEqualTo(deleted / 20);
    SqliteStore store = open();
    Path copy = await(store.backup(folder.resolve("backups"), 1).run()).path();
    store.close();
    String backedUp = Files.readString(copy, StandardCharsets.ISO_8859_1);
    for (long id = 2; id <= USERS; id += 2) {
      assertThat(backedUp).doesNotContain(mark(id));
    }
  }

  @Test
  void aLogThatIsInUseIsEmptiedLaterAndWritesGoOn() throws IOException, SQLException {
    try (SqliteStore store = open()) {
      put(store, 1);
      try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file(""));
          Statement statement = reader.createStatement()) {
        statement.execute("BEGIN");
        statement.executeQuery("SELECT * FROM users").close();
        put(store, 2);
        assertThat(failureOf(store.emptyLog()).kind()).isEqualTo(Kind.UNAVAILABLE);
        put(store, 3);
        statement.execute("COMMIT");
      }
      await(store.emptyLog());
      put(store, 4);
    }
  }
}
