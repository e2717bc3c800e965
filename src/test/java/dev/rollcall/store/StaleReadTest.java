package dev.rollcall.store;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserPatch;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No stale read: clients write and read a few users at once through the whole store, and the
 * checker looks at all that they saw. What each client does follows from the seed; how they meet is
 * up to the machine. {@link DelayedLoadTest} leaves nothing to the machine.
 */
class StaleReadTest {

  private static final int CLIENTS = 8;
  private static final int STEPS = 600;
  private static final int USERS = 4;

  private @TempDir Path folder = Path.of("");

  /** A cache of no user, of about two of the four, and of all. */
  @ParameterizedTest(name = "seed {0}, a cache of {1} bytes")
  @CsvSource({"1, 0", "2, 0", "3, 1400", "4, 1400", "5, 1400", "6, 1000000", "7, 1000000"})
  void aReadNeverShowsLessThanWasAcknowledgedBeforeIt(long seed, long cache) throws Exception {
    Vertx vertx = Vertx.vertx();
    SqliteStore.Options options =
        new SqliteStore.Options(
            folder.resolve("users.db"), 2, 10_000, cache, 10_000, Duration.ofDays(30));
    History history = new History();
    List<Change> feed;
    try (SqliteStore store = SqliteStore.open(vertx, options, new SimpleMeterRegistry())) {
      runClients(seed, store, history);
      feed = feed(store);
    } finally {
      await(vertx.close());
    }
    assertThat(history.size()).isGreaterThan(CLIENTS * STEPS / 2);
    assertThat(feed.stream().filter(c -> c.kind() == Change.Kind.DELETED)).hasSizeGreaterThan(10);
    assertThat(history.faults(feed)).isEmpty();
  }

  private static void runClients(long seed, SqliteStore store, History history)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client(i, new Random(seed * CLIENTS + i), store, history);
        running.add(threads.submit(client));
      }
      for (Future<?> client : running) {
        client.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Change> feed(SqliteStore store) {
    List<Change> all = new ArrayList<>();
    ChangePage page = await(store.changes(0, 1000));
    while (!page.items().isEmpty()) {
      all.addAll(page.items());
      page = await(store.changes(page.next(), 1000));
    }
    return all;
  }

  /** One client: writes and reads, one after the other. */
  private static final class Client implements Runnable {
    private final int number;
    private final Random random;
    private final SqliteStore store;
    private final History history;

    Client(int number, Random random, SqliteStore store, History history) {
      this.number = number;
      this.random = random;
      this.store = store;
      this.history = history;
    }

    @Override
    public void run() {
      for (int step = 0; step < STEPS; step++) {
        long id = 1L + random.nextInt(USERS);
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> write(id, "C%d S%d".formatted(number, step));
          case 3 -> delete(id);
          case 4, 5 -> list(id);
          default -> find(id);
        }
      }
    }

    private void write(long id, String name) {
      UserWrite write =
          random.nextBoolean()
              ? new UserWrite.Put(
                  id, new UserDraft(null, name, null, "{}"), Precondition.NONE, null)
              : new UserWrite.Patch(
                  id, new UserPatch(name, null, false, null), Precondition.NONE, null);
      long start = history.tick();
      try {
        User user = await(store.write(write)).user();
        history.wrote(start, history.tick(), user);
      } catch (Failure e) {
        assertThat(e.kind()).isEqualTo(Failure.Kind.NOT_FOUND);
      }
      find(id);
    }

    /** Deletes what it has seen: the deletion is the change that follows on that state. */
    private void delete(long id) {
      Optional<User> seen = find(id);
      if (seen.isEmpty()) {
        return;
      }
      long before = seen.get().seq();
      long start = history.tick();
      try {
        WriteOutcome outcome =
            await(
                store.write(
                    new UserWrite.Delete(
                        id, new Precondition(Set.of(before), false, Set.of(), false), null)));
        long end = history.tick();
        assertThat(outcome.kind()).isEqualTo(WriteOutcome.Kind.DELETED);
        find(id);
        history.deleted(start, end, id, deletionAfter(id, before));
      } catch (Failure e) {
        assertThat(e.kind()).isIn(Failure.Kind.PRECONDITION_FAILED, Failure.Kind.NOT_FOUND);
      }
    }

    private long deletionAfter(long id, long seq) {
      Change next =
          await(store.changes(seq, 1000)).items().stream()
              .filter(change -> change.id() == id)
              .findFirst()
              .orElseThrow();
      assertThat(next.kind()).isEqualTo(Change.Kind.DELETED);
      return next.seq();
    }

    private Optional<User> find(long id) {
      long start = history.tick();
      Optional<User> found = await(store.find(id));
      history.read(start, history.tick(), id, found);
      return found;
    }

    private void list(long id) {
      long start = history.tick();
      List<User> found = await(store.list(new UserQuery(0, 10, null, null, List.of(id)))).items();
      history.read(start, history.tick(), id, found.stream().findFirst());
    }
  }
}
