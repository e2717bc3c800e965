package dev.rollcall.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.store.History;
import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cache before a play database on one thread: loads take their time between being asked for,
 * looking into the database and answering, and the writer between committing and telling the cache.
 * As in the store, a load doesn't answer before the cache was told of what it saw. Everything
 * follows from the seed.
 */
class DelayedLoadTest {

  private static final int SEEDS = 300;
  private static final int STEPS = 400;
  private static final int USERS = 3;

  @ParameterizedTest(name = "a cache of {0} bytes")
  @ValueSource(longs = {0, 400, 700, 1_000_000})
  void aSlowLoadNeverShowsLessThanWasAcknowledgedBeforeTheRead(long capacity) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Play play = new Play(seed, capacity);
      assertThat(play.faults()).as("seed %d", seed).isEmpty();
    }
  }

  /** A load on its way. */
  private static final class Load {
    private final long id;
    private final CompletableFuture<User> answer = new CompletableFuture<>();
    private @Nullable User found;
    private int seen;

    Load(long id) {
      this.id = id;
    }
  }

  private static final class Play {
    private final Random random;
    private final UserCache cache;
    private final History history = new History();
    private final Map<Long, User> database = new HashMap<>();
    private final List<Change> feed = new ArrayList<>();
    private final List<Load> asked = new ArrayList<>();
    private final List<Load> looked = new ArrayList<>();
    private @Nullable Runnable untold;
    private int published;

    Play(long seed, long capacity) {
      random = new Random(seed);
      cache = new UserCache(capacity, new SimpleMeterRegistry());
    }

    List<String> faults() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> read(1L + random.nextInt(USERS));
          case 2 -> look();
          case 3 -> answer();
          case 4 -> commit(1L + random.nextInt(USERS));
          default -> tell();
        }
      }
      tell();
      return history.faults(feed);
    }

    private void read(long id) {
      long start = history.tick();
      User present = cache.present(id);
      if (present != null) {
        history.read(start, history.tick(), id, Optional.of(present));
        return;
      }
      var unused =
          cache
              .get(id, new Cancellation(), (key, all) -> load(key))
              .thenAccept(
                  user -> history.read(start, history.tick(), id, Optional.ofNullable(user)));
    }

    private CompletableFuture<User> load(long id) {
      Load load = new Load(id);
      asked.add(load);
      return load.answer;
    }

    private void look() {
      if (!asked.isEmpty()) {
        Load load = asked.remove(random.nextInt(asked.size()));
        load.found = database.get(load.id);
        load.seen = feed.size();
        looked.add(load);
      }
    }

    private void answer() {
      if (!looked.isEmpty()) {
        Load load = looked.get(random.nextInt(looked.size()));
        if (load.seen <= published) {
          looked.remove(load);
          load.answer.complete(load.found);
        }
      }
    }

    /** Commits one write and leaves it untold, as the writer's thread does between two lines. */
    private void commit(long id) {
      if (untold != null) {
        return;
      }
      long start = history.tick();
      long seq = feed.size() + 1L;
      User before = database.get(id);
      if (before != null && random.nextInt(3) == 0) {
        database.remove(id);
        feed.add(new Change(seq, Change.Kind.DELETED, id, 1, Instant.EPOCH, null, null));
        untold =
            () -> {
              cache.forget(id);
              history.deleted(start, history.tick(), id, seq);
            };
      } else {
        User user = User.of(id, "N" + seq, null, "{}", seq, Instant.EPOCH, Instant.EPOCH, seq);
        database.put(id, user);
        Change.Kind kind = before == null ? Change.Kind.CREATED : Change.Kind.UPDATED;
        feed.add(new Change(seq, kind, id, 1, Instant.EPOCH, null, null));
        untold =
            () -> {
              cache.put(user);
              history.wrote(start, history.tick(), user);
            };
      }
    }

    private void tell() {
      if (untold != null) {
        untold.run();
        untold = null;
        published = feed.size();
      }
    }
  }
}
