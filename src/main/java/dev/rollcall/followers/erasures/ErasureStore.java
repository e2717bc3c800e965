package dev.rollcall.followers.erasures;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port behind which erasures are kept, as those who ask for them see them. Safe for use by all
 * threads; futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 *
 * <p>Promise that every implementation keeps: from the moment at which an erasure is there until it
 * is complete, no write makes a user of that id, whichever way it comes.
 */
public interface ErasureStore {
  /** So many erasures may run at once. */
  int MOST_RUNNING = 10_000;

  /**
   * An erasure of a user, waiting for these sources and all webhooks and followers that there are;
   * the one that runs already, where there is one.
   *
   * @param by who asks; null where nobody had to say who he is
   * @return fails with {@code NOT_FOUND} where there never was such a user, with {@code
   *     UNAVAILABLE} where {@link #MOST_RUNNING} run
   */
  Future<Erasure> request(long user, List<String> sources, @Nullable String by, Instant now);

  /** One of them. */
  Future<Optional<Erasure>> find(long id);

  /** Notes that the user is deleted, and at which seq; once that is noted, nothing changes. */
  Future<Void> deleted(long id);
}
