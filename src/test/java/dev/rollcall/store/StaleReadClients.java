package dev.rollcall.store;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.User;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserStore;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that write and read a few users at once. What each client does follows from the seed; how
 * they meet is up to the machine.
 */
public final class StaleReadClients {

  public static final int CLIENTS = 8;
  public static final int STEPS = 600;

  private static final int USERS = 4;

  private StaleReadClients() {}

  /**
   * Runs all clients to their end, each step at one of the nodes.
   *
   * @return the feed that they left
   */
  public static List<Change> run(long seed, List<? extends UserStore> nodes, History history)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client(i, new Random(seed * CLIENTS + i), nodes, history);
        running.add(threads.submit(client));
      }
      for (Future<?> client : running) {
        client.get();
      }
    } finally {
      threads.shutdownNow();
    }
    return feed(nodes.get(0));
  }

  private static List<Change> feed(UserStore store) {
    List<Change> all = new ArrayList<>();
    ChangePage page = await(store.changes(0, 1000, new Cancellation()));
    while (!page.items().isEmpty()) {
      all.addAll(page.items());
      page = await(store.changes(page.next(), 1000, new Cancellation()));
    }
    return all;
  }

  /** One client: writes and reads, one after the other. */
  private static final class Client implements Runnable {
    private final int number;
    private final Random random;
    private final List<? extends UserStore> nodes;
    private final History history;

    Client(int number, Random random, List<? extends UserStore> nodes, History history) {
      this.number = number;
      this.random = random;
      this.nodes = nodes;
      this.history = history;
    }

    private UserStore node() {
      return nodes.get(random.nextInt(nodes.size()));
    }

    @Override
    public void run() {
      for (int step = 0; step < STEPS; step++) {
        long id = 1L + random.nextInt(USERS);
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> write(id, String.format(Locale.ROOT, "C%d S%d", number, step));
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
                  id, new UserDraft.Patch(name, null, false, null), Precondition.NONE, null);
      long start = history.tick();
      try {
        User user = await(node().write(write)).user();
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
                node()
                    .write(
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
          await(node().changes(seq, 1000, new Cancellation())).items().stream()
              .filter(change -> change.id() == id)
              .findFirst()
              .orElseThrow();
      assertThat(next.kind()).isEqualTo(Change.Kind.DELETED);
      return next.seq();
    }

    private Optional<User> find(long id) {
      long start = history.tick();
      Optional<User> found = await(node().find(id, new Cancellation()));
      history.read(start, history.tick(), id, found);
      return found;
    }

    private void list(long id) {
      long start = history.tick();
      List<User> found =
          await(node().list(new UserQuery(0, 10, null, null, List.of(id)), new Cancellation()))
              .items();
      history.read(start, history.tick(), id, found.stream().findFirst());
    }
  }
}
