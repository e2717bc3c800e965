package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import io.vertx.core.Future;
import java.util.Optional;

/** The users of a company, as every transport offers them. */
public interface Users extends StoredUsers {
  /** The user with this id; fails with {@code NOT_FOUND}. */
  Future<User> get(long id, Cancellation client);

  /**
   * Sets a user's password; succeeds once that is durable.
   *
   * @param address addresses take turns where passwords wait to be hashed
   * @param client its cancellation drops a password that still waits
   * @return fails with {@code NOT_FOUND}, {@code INVALID} for a hash that can't be verified here,
   *     or {@code UNAVAILABLE} with {@code retryAfter} when too many passwords wait
   */
  Future<Void> setPassword(
      long id, NewPassword password, ClientAddress address, Cancellation client);

  /**
   * Whether this is the user's password; false also without a password or user, in the same time. A
   * right password replaces a weaker hash, unless its scheme compared only a part of it. Answers to
   * many wrong passwords for an id are delayed, and further ones for it from this address wait.
   *
   * @param address addresses take turns where passwords wait to be verified
   * @param client its cancellation drops a verification that still waits
   * @return fails with {@code UNAVAILABLE} with {@code retryAfter} when too many passwords wait
   */
  Future<Boolean> verifyPassword(
      long id, String password, ClientAddress address, Cancellation client);

  /**
   * As {@link #verifyPassword}, for whoever has to know later that the password is still this one.
   *
   * @return the hash that is stored for a right password, as far as that is known: the stronger one
   *     where it was replaced; empty for a wrong one
   */
  Future<Optional<String>> verifiedHash(
      long id, String password, ClientAddress address, Cancellation client);
}
