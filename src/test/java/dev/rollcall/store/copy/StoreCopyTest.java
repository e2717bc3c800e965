package dev.rollcall.store.copy;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.store.sqlite.SqliteStore;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from one SQLite file into another, which takes no other process. */
@Tag("slow")
class StoreCopyTest {

  /** Ends a copy, as the end of its process would. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private final SampleStore sample = new SampleStore(7);
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void fillTheSource() throws Exception {
    try (SqliteStore store = open(source())) {
      sample.write(store, 400);
      SampleStore.makeKeys(store);
    }
    // As if the oldest changes had been pruned.
    change(source(), "DELETE FROM changes WHERE seq <= 5", "UPDATE counters SET pruned_seq = 5");
  }

  @AfterEach
  void closeVertx() {
    await(vertx.close());
  }

  private Path source() {
    return folder.resolve("source.db");
  }

  private Path target() {
    return folder.resolve("target.db");
  }

  private SqliteStore open(Path path) {
    return SqliteStore.open(
        vertx,
        new SqliteStore.Options(
            path, 2, 10_000, 1 << 20, 1 << 20, Duration.ofDays(30), Long.MAX_VALUE),
        new SimpleMeterRegistry());
  }

  private static void change(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  private static List<String> rows(Path file) throws SQLException {
    return SampleStore.rows("jdbc:sqlite:" + file);
  }

  private static StorePlace place(Path file) {
    return StorePlace.sqlite(file);
  }

  private boolean copy() {
    return StoreCopy.run(place(source()), place(target()), said::add);
  }

  /** Copies until it has said so many lines. */
  private void copyAndStopAfter(int lines) {
    List<String> heard = new ArrayList<>();
    assertThatThrownBy(
            () ->
                StoreCopy.run(
                    place(source()),
                    place(target()),
                    line -> {
                      heard.add(line);
                      if (heard.size() == lines) {
                        throw new Interruption();
                      }
                    }))
        .isInstanceOf(Interruption.class);
  }

  private static WriteOutcome create(SqliteStore store, String name) {
    return await(store.write(new UserWrite.Create(new UserDraft(null, name, null, "{}"), null)));
  }

  @Test
  void everyRowAndCounterArrivesAndTheSourceIsLeftAsItIs() throws Exception {
    List<String> before = rows(source());
    assertThat(copy()).isTrue();
    assertThat(rows(target())).isEqualTo(before);
    assertThat(rows(source())).isEqualTo(before);
    assertThat(before)
        .anyMatch(row -> row.startsWith("credential|"))
        .anyMatch(row -> row.startsWith("retired|"))
        .anyMatch(row -> row.startsWith("key|"))
        .anyMatch(row -> row.startsWith("webhook|"))
        .anyMatch(row -> row.startsWith("parked|"))
        .anyMatch(row -> row.startsWith("erasure|"))
        .anyMatch(row -> row.startsWith("target|"))
        .contains("key numbers|9|")
        .last()
        .asString()
        .endsWith("|5|");
    assertThat(said).filteredOn(line -> line.endsWith("the same")).hasSize(16);
    assertThat(said).noneMatch(line -> line.contains("DIFFERENT"));
  }

  @Test
  void theTargetGoesOnWhereTheSourceWas() throws Exception {
    copy();
    try (SqliteStore original = open(source());
        SqliteStore copied = open(target())) {
      WriteOutcome next = create(original, "Next");
      WriteOutcome same = create(copied, "Next");
      assertThat(same.user().id()).isEqualTo(next.user().id());
      assertThat(same.user().seq()).isEqualTo(next.user().seq());
    }
  }

  @Test
  void aWriteThatTheSourceCarriedOutIsNotCarriedOutAgain() throws Exception {
    copy();
    try (SqliteStore copied = open(target())) {
      long position = copied.position();
      assertThat(sample.repeatable).hasSizeGreaterThan(20);
      for (UserWrite write : sample.repeatable) {
        copied.write(write).toCompletionStage().toCompletableFuture().handle((o, e) -> o).join();
      }
      // The oldest are no longer known by the source either.
      assertThat(copied.position() - position).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void aCopyThatIsInterruptedAnywhereGoesOnAndIsWholeAtTheEnd() throws Exception {
    List<String> expected = rows(source());
    for (int lines = 1; lines <= 11; lines++) {
      copyAndStopAfter(lines);
      assertThatIllegalStateException()
          .isThrownBy(() -> open(target()).close())
          .withMessageContaining("target.db holds a part of a copy");
    }
    assertThat(copy()).isTrue();
    assertThat(said.get(0)).startsWith("going on with the copy");
    assertThat(rows(target())).isEqualTo(expected);
    open(target()).close();
  }

  @Test
  void rowsThatTheTargetHasAlreadyAreNotCopiedAgain() throws Exception {
    copyAndStopAfter(2);
    change(target(), "DELETE FROM users WHERE id >= 50");
    assertThat(copy()).isTrue();
    assertThat(rows(target())).isEqualTo(rows(source()));
  }

  @Test
  void aCopyThatWasFinishedIsOnlyComparedAgain() throws Exception {
    copy();
    said.clear();
    assertThat(copy()).isTrue();
    assertThat(said.get(0)).endsWith("before");
    assertThat(said).noneMatch(line -> line.contains("a second"));
  }

  @Test
  void aRowThatDiffersIsFoundAndTheTargetStaysUnfinished() throws Exception {
    copyAndStopAfter(3);
    change(target(), "UPDATE users SET name = name || '!' WHERE id = (SELECT min(id) FROM users)");
    assertThat(copy()).isFalse();
    assertThat(said)
        .filteredOn(line -> line.endsWith("DIFFERENT"))
        .singleElement()
        .asString()
        .startsWith("users ");
    assertThatIllegalStateException().isThrownBy(() -> open(target()).close());
  }

  @Test
  void aSourceThatWasWrittenToSinceIsNotGoneOnWith() throws Exception {
    copyAndStopAfter(3);
    try (SqliteStore store = open(source())) {
      create(store, "Late");
    }
    assertThatIllegalStateException()
        .isThrownBy(this::copy)
        .withMessageContaining("was written to since");
  }

  @Test
  void aTargetThatHoldsOtherDataIsRefusedAndLeftAsItIs() throws Exception {
    try (SqliteStore store = open(target())) {
      create(store, "Somebody");
    }
    List<String> before = rows(target());
    assertThatIllegalStateException()
        .isThrownBy(this::copy)
        .withMessageContaining("holds other data");
    assertThat(rows(target())).isEqualTo(before);
  }

  @Test
  void aStoreThatIsInUseIsRefusedOnBothSides() throws IOException {
    try (SqliteStore serving = open(source())) {
      assertThatIllegalStateException().isThrownBy(this::copy).withMessageContaining("in use");
      create(serving, "B");
    }
    try (SqliteStore serving = open(target())) {
      assertThatIllegalStateException().isThrownBy(this::copy).withMessageContaining("in use");
      create(serving, "B");
    }
  }

  @Test
  void aSourceThatIsNotThereIsNotMade() {
    Path none = folder.resolve("none.db");
    assertThatIllegalStateException()
        .isThrownBy(() -> StoreCopy.run(place(none), place(target()), said::add))
        .withMessageContaining("none.db does not exist");
    assertThat(none).doesNotExist();
    assertThat(target()).doesNotExist();
  }

  @Test
  void anUnfinishedCopyIsNoSource() {
    copyAndStopAfter(4);
    Path third = folder.resolve("third.db");
    assertThatIllegalStateException()
        .isThrownBy(() -> StoreCopy.run(place(target()), place(third), said::add))
        .withMessageContaining("holds a part of a copy");
  }

  @Test
  void aNewStoreIsCopiedAsWell() throws Exception {
    Path empty = folder.resolve("empty.db");
    open(empty).close();
    assertThat(StoreCopy.run(place(empty), place(target()), said::add)).isTrue();
    assertThat(rows(target())).isEqualTo(rows(empty));
  }

  @Test
  void usersThatFillMoreThanOneTransactionArrive() throws Exception {
    try (SqliteStore store = open(source())) {
      List<UserWrite> writes = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        writes.add(new UserWrite.Create(new UserDraft(null, "N" + i, null, "{}"), null));
      }
      for (int i = 0; i < 12; i++) {
        String large = "{\"a\":\"" + "x".repeat(900_000) + "\"}";
        writes.add(new UserWrite.Create(new UserDraft(null, "L" + i, null, large), null));
      }
      assertThat(await(store.writeAll(writes)).results()).hasSize(writes.size());
    }
    assertThat(copy()).isTrue();
    assertThat(rows(target())).isEqualTo(rows(source()));
  }
}
