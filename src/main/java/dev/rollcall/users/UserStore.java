package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Where users are kept. Every implementation promises: an acknowledged write is durable; a read
 * that starts after the acknowledgement shows it or a later one; who has seen change n never finds
 * a new change below n; a failed write was not written, unless its failure says {@code
 * outcome-unknown}.
 */
public interface UserStore extends StoredUsers {
  Future<Optional<User>> find(long id, Cancellation client);

  /** The stored hash of a password; empty for a user without one, and for no user. */
  Future<Optional<String>> passwordHash(long id, Cancellation client);

  /**
   * The newest seq up to {@link #position()} that may be that of a deletion: while it stays, what
   * was read of the feed is what it has.
   */
  default long newestDeletion() {
    return position();
  }

  /** How many writes, lists of them and other tasks wait for this process' writer. */
  default int waitingWrites() {
    return 0;
  }

  /**
   * Succeeds when the store can be read and has a writer, also one that fails for now, as on a full
   * disk; fails with {@code UNAVAILABLE}.
   */
  Future<Void> probe();
}
