package dev.rollcall.store.sqlite;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.users.User;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
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

  /**
   * The user, loaded where it is not here; loads of one id are joined.
   *
   * @param load completes with null for a user who does not exist
   */
  CompletableFuture<User> get(long id, LongFunction<CompletableFuture<User>> load) {
    CompletableFuture<User> answer = new CompletableFuture<>();
    var unused =
        users
            .get(id, (key, executor) -> entry(load.apply(key)))
            .whenComplete(
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

  /** A load as Caffeine may see it; what completes it also tells whoever waits. */
  private static CompletableFuture<User> entry(CompletableFuture<User> load) {
    CompletableFuture<User> entry = new CompletableFuture<>();
    var unused =
        load.whenComplete(
            (user, fault) -> {
              if (fault == null) {
                entry.complete(user);
              } else {
                entry.completeExceptionally(new LoadFailed(fault));
              }
            });
    return entry;
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
