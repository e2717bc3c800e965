package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The port behind which users are kept.
 *
 * <p>Promises that every implementation keeps: an acknowledged write is durable; a read that starts
 * after the acknowledgement shows it or a later one; who has seen change n never later finds a new
 * change below n; a write fails with "not written" unless its failure says {@code outcome-unknown}.
 */
public interface UserStore extends StoredUsers {

  /**
   * The user with this id.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<Optional<User>> find(long id, Cancellation client);

  /**
   * The stored hash of a user's password; empty for a user who has none, and for no user.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<Optional<String>> passwordHash(long id, Cancellation client);

  /**
   * Succeeds when the store can be read and somebody is there who writes; fails with {@code
   * UNAVAILABLE}. A store that can't be written to for now, as on a full disk, is one that
   * succeeds.
   */
  Future<Void> probe();
}
