package dev.rollcall.followers.cursors;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the positions of followers are kept: the store of users, or that of other nodes. Safe for
 * use by all threads; futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached. Each call may
 * be repeated where its answer was lost.
 */
public interface CursorStore {
  /**
   * A follower as a caller wants it to be.
   *
   * @param id the one that it gets where it is new, a random number from 1
   * @param after where it is to stand, also where it is there already; null where it is to stay, or
   *     to begin at {@code otherwise}
   * @param otherwise where a new one begins without {@code after}
   * @param now the present moment, to the millisecond
   * @param by who wants it; null where nobody has to say who he is
   * @param ofOthers whether it may be one that somebody else made
   */
  record WantedCursor(
      long id,
      String name,
      @Nullable Long after,
      long otherwise,
      Instant now,
      @Nullable String by,
      boolean ofOthers) {}

  /**
   * What became of a follower that was put.
   *
   * @param isNew whether it was made; the same call, repeated after its answer was lost, says so
   *     again
   */
  record PutCursor(KeptCursor cursor, boolean isNew) {}

  /** So many followers there may be, so that all of them can be listed and measured. */
  int MOST = 1_000;

  /** The follower of a name; empty where there is none. */
  Future<Optional<KeptCursor>> cursor(String name);

  /** All followers, in the order of their names' characters. */
  Future<List<KeptCursor>> cursors();

  /**
   * Makes a follower, or moves one that is there. Fails with {@code CONFLICT} for one that somebody
   * else made, unless that may be, and where there are {@link #MOST}.
   */
  Future<PutCursor> putCursor(WantedCursor wanted);

  /**
   * Moves a follower forward; one that stands there or behind it stays.
   *
   * @return what it is now; empty where there is none of this id
   */
  Future<Optional<KeptCursor>> advanceCursor(long id, long seq, Instant now);

  /** Deletes a follower; false where there is none of this id. */
  Future<Boolean> deleteCursor(long id);
}
