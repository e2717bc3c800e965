package dev.rollcall.store;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A feed that is bounded in bytes, whatever keeps it. */
public abstract class FeedLimitContract {

  private static final long LIMIT = 2 << 20;
  private static final int LARGE = 100_000;

  /** A store with a feed of so many bytes, on what was written before. */
  protected abstract UserStore open(long limit, Duration keep) throws IOException;

  protected abstract void close() throws IOException;

  /** A number that the database itself gives. */
  protected abstract long number(String sql);

  protected abstract void execute(String sql);

  /** What the column is called that has the JSON of a change's user. */
  protected abstract String userColumn();

  protected final Vertx vertx = Vertx.vertx();

  @AfterEach
  void end() throws IOException {
    close();
    await(vertx.close());
  }

  private static UserWrite put(long id, int size) {
    return put(id, size, null);
  }

  private static UserWrite put(long id, int size, @Nullable UUID op) {
    // Two bytes a letter, since bytes are counted and not letters.
    String attributes = "{\"a\":\"" + "ä".repeat(size / 2) + "\"}";
    return new UserWrite.Put(
        id, new UserDraft(null, "A" + size, null, attributes), Precondition.NONE, op);
  }

  private long counted() {
    return number("SELECT feed_bytes FROM counters");
  }

  private long bytes() {
    return number(
        "SELECT coalesce(sum(coalesce(octet_length(%s), 0) + 100), 0) FROM changes"
            .replace("%s", userColumn()));
  }

  private long newestPruned() {
    return number("SELECT pruned_seq FROM counters");
  }

  private static List<Change> all(UserStore store, long after) {
    List<Change> all = new ArrayList<>();
    ChangePage page = await(store.changes(after, 100, new Cancellation()));
    while (!page.items().isEmpty()) {
      all.addAll(page.items());
      page = await(store.changes(page.next(), 100, new Cancellation()));
    }
    return all;
  }

  /** Once nothing is written any more, the writer prunes what is too much. */
  private void awaitPruned(long limit) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> bytes() <= limit);
    assertThat(counted()).isEqualTo(bytes());
  }

  @Test
  void smallChangesOfALargeUserDoNotMakeTheFeedGrowForEver() throws IOException {
    UserStore store = open(LIMIT, Duration.ofDays(30));
    long written = 0;
    for (int round = 0; round < 20; round++) {
      List<Future<WriteOutcome>> some = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        some.add(store.write(put(1, LARGE + 2 * (20 * round + i))));
      }
      for (Future<WriteOutcome> each : some) {
        written += await(each).user().length();
      }
      // What one transaction brings is pruned before the next but one.
      assertThat(bytes()).isLessThan(LIMIT + 3 * 20 * (LARGE + 1000));
    }
    assertThat(written).isGreaterThan(15 * LIMIT);
    awaitPruned(LIMIT);
    assertThat(failureOf(store.changes(0, 10, new Cancellation())).kind()).isEqualTo(Kind.GONE);
    assertThat(failureOf(store.changes(newestPruned() - 1, 10, new Cancellation())).kind())
        .isEqualTo(Kind.GONE);
    List<Change> left = all(store, newestPruned());
    assertThat(left).hasSizeBetween(15, 21);
    assertThat(left.get(left.size() - 1).seq()).isEqualTo(store.position());
    assertThat(await(store.find(1, new Cancellation()))).isPresent();
  }

  @Test
  void theSizeIsExactWhateverIsWrittenAndAfterAStartAsWell() throws IOException {
    UserStore store = open(LIMIT, Duration.ofDays(30));
    Random random = new Random(20261128);
    for (int round = 0; round < 60; round++) {
      List<Future<?>> some = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        long id = 1L + random.nextInt(5);
        some.add(
            store.write(
                random.nextInt(4) == 0
                    ? new UserWrite.Delete(id, Precondition.NONE, null)
                    : put(
                        id,
                        random.nextInt(20_000),
                        random.nextBoolean() ? UUID.randomUUID() : null)));
      }
      await(Future.join(some).otherwiseEmpty());
      if (round % 20 == 19) {
        assertThat(counted()).isEqualTo(bytes());
        close();
        store = open(LIMIT, Duration.ofDays(30));
      }
    }
    assertThat(bytes()).isPositive();
    awaitPruned(LIMIT);
  }

  @Test
  void theNewestChangeStaysThoughItAloneIsTooMuch() throws IOException {
    UserStore store = open(1 << 20, Duration.ofDays(30));
    await(store.write(put(1, 10)));
    long seq = await(store.write(put(2, 1_500_000))).user().seq();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> newestPruned() == seq - 1);
    assertThat(all(store, seq - 1)).extracting(Change::seq).containsExactly(seq);
    assertThat(counted()).isEqualTo(bytes());
    long next = await(store.write(put(3, 10))).user().seq();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> newestPruned() == seq);
    assertThat(all(store, seq)).extracting(Change::seq).containsExactly(next);
  }

  @Test
  void anOpIsKnownAsLongAsItsChangeIsThere() throws IOException {
    UserStore store = open(LIMIT, Duration.ofDays(30));
    UUID op = UUID.randomUUID();
    long first = await(store.write(put(1, 10, op))).user().seq();
    assertThat(await(store.write(put(1, 10, op))).user().seq()).isEqualTo(first);
    for (int i = 0; i < 30; i++) {
      await(store.write(put(2, LARGE + 2 * i)));
    }
    awaitPruned(LIMIT);
    assertThat(newestPruned()).isGreaterThanOrEqualTo(first);
    assertThat(await(store.write(put(1, 12, op))).user().seq()).isGreaterThan(first);
  }

  @Test
  void aLowerLimitIsReachedFromWhatIsThereAndAWrongCountIsMadeGood() throws IOException {
    UserStore store = open(64 << 20, Duration.ofDays(30));
    for (int i = 0; i < 40; i++) {
      await(store.write(put(1, LARGE + 2 * i)));
    }
    close();
    execute("UPDATE counters SET feed_bytes = feed_bytes + 1000000");
    store = open(LIMIT, Duration.ofDays(30));
    await(store.write(put(2, 10)));
    awaitPruned(LIMIT);
    assertThat(all(store, newestPruned())).isNotEmpty();
  }

  @Test
  void whatIsTooOldGoesThoughThereIsRoom() throws IOException {
    UserStore store = open(LIMIT, Duration.ofSeconds(1));
    await(store.write(put(1, 10)));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> bytes() == 0);
    assertThat(counted()).isZero();
  }
}
