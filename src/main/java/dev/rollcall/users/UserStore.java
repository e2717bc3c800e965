package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port behind which users are kept.
 *
 * <p>Futures complete on the context of the caller, or on the calling thread when the answer is at
 * hand. They fail with a {@link dev.rollcall.base.Failure} only: {@code UNAVAILABLE} when the store
 * can't be reached or too much is waiting. A read whose client has gone, or that has waited for too
 * long, is given up while it waits; what has begun, and every write, runs to its end, which is
 * bounded.
 *
 * <p>Promises that every implementation keeps: an acknowledged write is durable; a read that starts
 * after the acknowledgement shows it or a later one; who has seen change n never later finds a new
 * change below n; a write fails with "not written" unless its failure says {@code outcome-unknown}.
 */
public interface UserStore {

  /** The user with this id, where it is at hand; null says nothing. */
  default @Nullable User present(long id) {
    return null;
  }

  /**
   * The user with this id.
   *
   * @param client turned when nobody waits for it any more
   */
  Future<Optional<User>> find(long id, Cancellation client);

  /** The user with this id, for somebody who does not turn away. */
  default Future<Optional<User>> find(long id) {
    return find(id, new Cancellation());
  }

  /** Carries out one write, ahead of bulk ones. */
  Future<WriteOutcome> write(UserWrite write);

  /**
   * Carries out writes in their order, each for itself: one that must not happen fails alone. They
   * yield to single writes and may take several transactions. Never fails: a store that gives up
   * midway says so in the outcome.
   *
   * @param writes at most a few hundred; the caller hands over the next ones when these are done
   */
  Future<BulkOutcome> writeAll(List<UserWrite> writes);

  /**
   * A page of users.
   *
   * @param client turned when nobody waits for it any more
   */
  Future<UserPage> list(UserQuery query, Cancellation client);

  /** A page of users, for somebody who does not turn away. */
  default Future<UserPage> list(UserQuery query) {
    return list(query, new Cancellation());
  }

  /**
   * A stretch of the feed.
   *
   * @param after the seq to begin behind, 0 for the beginning
   * @param limit how many changes at most
   * @param client turned when nobody waits for it any more
   * @return fails with {@code GONE} when changes behind {@code after} are no longer kept
   */
  Future<ChangePage> changes(long after, int limit, Cancellation client);

  /** A stretch of the feed, for somebody who does not turn away. */
  default Future<ChangePage> changes(long after, int limit) {
    return changes(after, limit, new Cancellation());
  }

  /**
   * The stored hash of a user's password; empty for a user who has none, and for no user.
   *
   * @param client turned when nobody waits for it any more
   */
  Future<Optional<String>> passwordHash(long id, Cancellation client);

  /** The stored hash, for somebody who does not turn away. */
  default Future<Optional<String>> passwordHash(long id) {
    return passwordHash(id, new Cancellation());
  }

  /**
   * Succeeds when the store can be read and somebody is there who writes; fails with {@code
   * UNAVAILABLE}. A store that can't be written to for now, as on a full disk, is one that
   * succeeds.
   */
  Future<Void> probe();

  /** The newest seq that readers may have seen; the feed shows nothing above it. */
  long position();

  /** Fires after each commit, when {@link #position()} has moved. */
  ChangeSignal signal();
}
