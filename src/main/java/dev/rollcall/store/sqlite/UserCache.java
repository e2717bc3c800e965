package dev.rollcall.store.sqlite;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.base.Cancellation;
import dev.rollcall.users.User;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The users that are read often, in memory, never staler than what was acknowledged.
 *
 * <p>Only the writer's thread changes what is kept, after its commit and before it acknowledges. It
 * takes the load of that user out of those that are under way, and only a load that is still among
 * them may add what it found: one that began before the commit comes too late. A load that begins
 * later sees the commit. Users who do not exist are not kept.
 *
 * <p>Of a user its JSON and seq are kept and nothing else, in five objects with those of the map.
 */
final class UserCache {
  /** What an entry costs beside its JSON: the map's nodes, the id, the user, the array's head. */
  private static final int OVERHEAD_BYTES = 176;

  private final Cache<Long, User> users;

  /**
   * The loads that are under way. What is done to a user of {@link #users} is done under the lock
   * that this map has for its id.
   */
  private final ConcurrentHashMap<Long, Load> loads = new ConcurrentHashMap<>();

  /**
   * @param capacity how many bytes of users to keep, about; 0 keeps none but still joins loads
   */
  UserCache(long capacity, MeterRegistry metrics) {
    this.users =
        Caffeine.newBuilder()
            .maximumWeight(capacity)
            .weigher((Long id, User user) -> OVERHEAD_BYTES + user.length())
            // Upkeep is short, and a pool's threads would take a core from the event loops.
            .executor(Runnable::run)
            .recordStats()
            .build();
    CaffeineCacheMetrics.monitor(metrics, users, "users");
  }

  /** The user, if it is here. */
  @Nullable User present(long id) {
    return users.getIfPresent(id);
  }

  /** What loads a user. */
  interface Loader {
    /**
     * Loads a user.
     *
     * @param all cancelled when none of those who joined waits any more
     * @return completes with null for a user who does not exist
     */
    CompletableFuture<User> load(long id, Cancellation all);
  }

  /**
   * The user, loaded where it is not here; loads of one id are joined, and a load that none of
   * those who joined it wants any more is given up.
   *
   * @param client cancelled when it does not wait any more
   */
  CompletableFuture<User> get(long id, Cancellation client, Loader loader) {
    User present = present(id);
    return present == null ? load(id, client, loader) : CompletableFuture.completedFuture(present);
  }

  /** The user, loaded or by the load that is under way; for those who know that it is not here. */
  CompletableFuture<User> load(long id, Cancellation client, Loader loader) {
    while (true) {
      Load begun = new Load(id);
      Load under = loads.putIfAbsent(id, begun);
      if (under == null) {
        begun.join(client);
        begun.begin(loader);
        return begun;
      }
      if (under.join(client)) {
        return under;
      }
      // All who had joined it have left just now: it may never be carried out, or has failed for
      // their sake alone.
      loads.remove(id, under);
    }
  }

  /** A load, and how many wait for it. */
  private final class Load extends CompletableFuture<User> {
    private final long id;
    private final Cancellation all = new Cancellation();

    /** Below zero once it was given up. */
    private final AtomicInteger waiting = new AtomicInteger();

    Load(long id) {
      this.id = id;
    }

    void begin(Loader loader) {
      var unused = loader.load(id, all).whenComplete(this::loaded);
    }

    private void loaded(@Nullable User user, @Nullable Throwable fault) {
      loads.compute(
          id,
          (key, current) -> {
            if (current != this) {
              return current; // The writer came, or all left and another load began.
            }
            if (user != null) {
              users.put(key, user.compact());
            }
            return null;
          });
      if (fault == null) {
        complete(user);
      } else {
        completeExceptionally(fault);
      }
    }

    /** One more waits for it; false when it was given up. */
    boolean join(Cancellation client) {
      if (waiting.getAndUpdate(count -> count < 0 ? count : count + 1) < 0) {
        return false;
      }
      client.whenCancelled(this::leave);
      return true;
    }

    private void leave() {
      if (waiting.updateAndGet(count -> count == 1 ? -1 : count - 1) < 0) {
        all.cancel();
      }
    }
  }

  /**
   * Takes a user's new state in where somebody reads him, which is where his old one is here or is
   * being loaded; for the writer. To keep all that is written would push out what is read, and
   * leave the collector with much that nobody asks for.
   */
  void put(User user) {
    loads.compute(
        user.id(),
        (id, late) -> {
          if (late != null || users.asMap().containsKey(id)) {
            users.put(id, user.compact());
          }
          return null;
        });
  }

  /** Forgets everyone, and the loads that are under way; for the writer. */
  void clear() {
    loads.clear();
    users.invalidateAll();
  }

  /** Forgets a user, and the load of it that is under way; for the writer. */
  void forget(long id) {
    loads.compute(
        id,
        (key, late) -> {
          users.invalidate(key);
          return null;
        });
  }
}
