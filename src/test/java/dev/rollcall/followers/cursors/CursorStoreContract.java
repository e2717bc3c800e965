package dev.rollcall.followers.cursors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.cursors.CursorStore.PutCursor;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.users.Awaiting;
import dev.rollcall.users.StoreHarness;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of followers keeps. */
public abstract class CursorStoreContract {

  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);
  private static final Instant LATER = NOW.plusMillis(7);

  private @TempDir Path folder = Path.of("");
  private final Vertx vertx = Vertx.vertx();
  private StoreHarness harness;
  private UserStore users;
  private CursorStore cursors;

  protected abstract StoreHarness harness(Path folder);

  /** The followers of a store that the harness has started. */
  protected abstract CursorStore cursors(UserStore store);

  @BeforeEach
  final void startStore() {
    harness = harness(folder);
    users = harness.start(vertx, StoreHarness.Limits.WIDE);
    cursors = cursors(users);
  }

  @AfterEach
  final void stopStore() {
    harness.stop();
    Awaiting.await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return Awaiting.await(future);
  }

  private PutCursor put(long id, String name, @Nullable Long after, @Nullable String by) {
    return await(cursors.putCursor(new WantedCursor(id, name, after, 5, NOW, by, false)));
  }

  @Test
  void aFollowerBeginsWhereItIsToldAndIsFoundAgain() {
    KeptCursor made = new KeptCursor(17, "billing", 3, 0, NOW, null, "key:7");
    assertThat(put(17, "billing", 3L, "key:7")).isEqualTo(new PutCursor(made, true));
    assertThat(put(18, "audit", null, null).cursor())
        .isEqualTo(new KeptCursor(18, "audit", 5, 0, NOW, null, null));
    assertThat(await(cursors.cursor("billing"))).contains(made);
    assertThat(await(cursors.cursor("Billing"))).isEmpty();
    assertThat(await(cursors.cursors()))
        .extracting(KeptCursor::name)
        .containsExactly("audit", "billing");
  }

  @Test
  void aRepeatedCallSaysAgainThatTheFollowerIsNewAndALaterOneThatItIsNot() {
    PutCursor first = put(17, "billing", 3L, null);
    assertThat(put(17, "billing", 3L, null)).isEqualTo(first);
    assertThat(put(19, "billing", null, null)).isEqualTo(new PutCursor(first.cursor(), false));
    assertThat(put(20, "billing", 1L, null))
        .isEqualTo(new PutCursor(new KeptCursor(17, "billing", 1, 0, NOW, null, null), false));
  }

  @Test
  void aFollowerOfSomebodyElseStaysAsItIsUnlessAllMayBeChanged() {
    PutCursor first = put(17, "billing", 3L, "key:7");
    WantedCursor theirs = new WantedCursor(18, "billing", 1L, 5, NOW, "key:8", false);
    assertThat(Awaiting.failureOf(cursors.putCursor(theirs)).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(await(cursors.cursor("billing"))).contains(first.cursor());
    WantedCursor all = new WantedCursor(18, "billing", 1L, 5, NOW, "key:8", true);
    assertThat(await(cursors.putCursor(all)).cursor())
        .isEqualTo(new KeptCursor(17, "billing", 1, 0, NOW, null, "key:7"));
  }

  @Test
  void aFollowerMovesForwardAndNeverBack() {
    put(17, "billing", 3L, null);
    KeptCursor moved = new KeptCursor(17, "billing", 9, 0, NOW, LATER, null);
    assertThat(await(cursors.advanceCursor(17, 9, LATER))).contains(moved);
    Instant last = LATER.plusMillis(1);
    assertThat(await(cursors.advanceCursor(17, 9, last))).contains(moved);
    assertThat(await(cursors.advanceCursor(17, 4, last))).contains(moved);
    assertThat(await(cursors.advanceCursor(18, 9, last))).isEqualTo(Optional.empty());
    assertThat(await(cursors.cursor("billing"))).contains(moved);
  }

  @Test
  void whatAFollowerHasNotConfirmedIsCountedAndOtherWritesAreNot() {
    put(17, "billing", 0L, null);
    List<UserWrite> writes = new ArrayList<>();
    for (int i = 1; i <= KeptCursor.EXACT + 2; i++) {
      UserDraft draft = new UserDraft((long) i, "N", null, "{}");
      writes.add(new UserWrite.Create(draft, null));
    }
    await(users.writeAll(writes.subList(0, 3)));
    put(18, "audit", null, null);
    assertThat(await(cursors.cursor("billing")).orElseThrow().lag()).isEqualTo(3);
    await(users.writeAll(writes.subList(3, writes.size())));
    assertThat(await(cursors.cursors()).get(1).lag()).isGreaterThan(KeptCursor.EXACT);
    long newest = users.position();
    assertThat(await(cursors.advanceCursor(17, newest, LATER)).orElseThrow().lag()).isZero();
    put(19, "third", null, null);
    assertThat(await(cursors.cursor("billing")).orElseThrow().lag()).isZero();
  }

  @Test
  void aDeletedFollowerIsGoneAndAnotherOneOfItsNameIsNotTheSame() {
    put(17, "billing", 3L, null);
    assertThat(await(cursors.deleteCursor(17))).isTrue();
    assertThat(await(cursors.deleteCursor(17))).isFalse();
    assertThat(await(cursors.cursor("billing"))).isEmpty();
    assertThat(put(18, "billing", null, null).isNew()).isTrue();
    assertThat(await(cursors.advanceCursor(17, 9, LATER))).isEmpty();
  }

  @Test
  void thereAreAsManyFollowersAsThereMayBe() {
    for (int from = 1; from <= CursorStore.MOST; from += 100) {
      await(
          Future.all(
              IntStream.range(from, from + 100)
                  .mapToObj(i -> new WantedCursor(i, "f" + i, null, 5, NOW, null, false))
                  .map(cursors::putCursor)
                  .toList()));
    }
    WantedCursor further = new WantedCursor(9_999, "further", null, 5, NOW, null, false);
    assertThat(Awaiting.failureOf(cursors.putCursor(further)).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(await(cursors.cursors())).hasSize(CursorStore.MOST);
    assertThat(put(9_998, "f3", 2L, null).cursor().position()).isEqualTo(2);
    assertThat(await(cursors.deleteCursor(4))).isTrue();
    assertThat(await(cursors.putCursor(further)).isNew()).isTrue();
  }
}
