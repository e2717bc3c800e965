package dev.rollcall.followers.cursors;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the positions of followers are kept: the store of users, or that of other nodes. Safe for
 * use by all threads; futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached. Each call may
 * be repeated where its answer was lost.
 */
public interface CursorStore {
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
