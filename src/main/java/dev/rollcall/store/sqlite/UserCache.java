package dev.rollcall.store.sqlite;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.base.Cancellation;
import dev.rollcall.users.User;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The users that are read often, in memory, never staler than what was acknowledged.
 *
 * <p>Only the writer's thread changes an entry, after its commit and before it acknowledges. It
 * replaces the future that stands there, so that a load which began before the commit completes
 * without coming back as the entry. A load that begins later sees the commit. Users who do not
 * exist are not cached.
 */
final class UserCache {
  /** What an entry costs beside its text: objects, references, the map's node. */
  private static final int OVERHEAD_BYTES = 400;

  private final AsyncCache<Long, User> users;

  /**
   * @param capacity how many bytes of users to keep, about; 0 keeps none but still joins loads
   */
  UserCache(long capacity, MeterRegistry metrics) {
    this.users =
        Caffeine.newBuilder()
            .maximumWeight(capacity)
            .weigher((Long id, User user) -> weight(user))
            // Upkeep is short, and a pool's threads would take a core from the event loops.
            .executor(Runnable::run)
            .recordStats()
            .buildAsync();
    CaffeineCacheMetrics.monitor(metrics, users.synchronous(), "users");
  }

  private static int weight(User user) {
    // The JSON as bytes, and its parts again as strings.
    return OVERHEAD_BYTES + 2 * user.json().length();
  }

  /** The user, if it is here and not still being loaded. */
  @Nullable User present(long id) {
    CompletableFuture<User> entry = users.getIfPresent(id);
    return entry != null && entry.isDone() && !entry.isCompletedExceptionally()
        ? entry.getNow(null)
        : null;
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
    while (true) {
      CompletableFuture<User> entry = users.get(id, (key, executor) -> Load.begin(key, loader));
      if (!(entry instanceof Load load) || load.hasSucceeded() || load.join(client)) {
        return answer(entry);
      }
      // All who had joined it have left just now: it may never be carried out, or has failed for
      // their sake alone.
      users.asMap().remove(id, entry);
    }
  }

  private static CompletableFuture<User> answer(CompletableFuture<User> entry) {
    if (entry.isDone() && !entry.isCompletedExceptionally()) {
      return entry;
    }
    CompletableFuture<User> answer = new CompletableFuture<>();
    var unused =
        entry.whenComplete(
            (user, fault) -> {
              if (fault == null) {
                answer.complete(user);
              } else {
                answer.completeExceptionally(
                    fault instanceof LoadFailed ? fault.getCause() : fault);
              }
            });
    return answer;
  }

  /** A load as Caffeine may see it, and how many wait for it. */
  private static final class Load extends CompletableFuture<User> {
    private final Cancellation all = new Cancellation();

    /** Below zero once it was given up. */
    private final AtomicInteger waiting = new AtomicInteger();

    static Load begin(long id, Loader loader) {
      Load load = new Load();
      var unused = loader.load(id, load.all).whenComplete(load::loaded);
      return load;
    }

    private void loaded(@Nullable User user, @Nullable Throwable fault) {
      if (fault == null) {
        complete(user);
      } else {
        completeExceptionally(new LoadFailed(fault));
      }
    }

    boolean hasSucceeded() {
      return isDone() && !isCompletedExceptionally();
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
   * Why a load failed. Caffeine prints a stack for each failed load to the standard error stream,
   * thousands a second when reads are refused, but none for a load that was called off.
   */
  private static final class LoadFailed extends CancellationException {
    private static final long serialVersionUID = 1L;

    LoadFailed(Throwable cause) {
      initCause(cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** Takes a user's new state in; for the writer. */
  void put(User user) {
    users.put(user.id(), CompletableFuture.completedFuture(user));
  }

  /** Forgets everyone, and the loads that are under way; for the writer. */
  void clear() {
    users.synchronous().invalidateAll();
  }

  /** Forgets a user, and the load of it that is under way; for the writer. */
  void forget(long id) {
    users.synchronous().invalidate(id);
  }
}
