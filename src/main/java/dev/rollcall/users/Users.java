package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import io.vertx.core.Future;

/** The users of a company, as every transport offers them. */
public interface Users extends StoredUsers {

  /**
   * The user with this id; fails with {@code NOT_FOUND}.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<User> get(long id, Cancellation client);

  /**
   * Sets a user's password; succeeds once that is durable.
   *
   * @param address who asks: where passwords wait to be hashed, each address has its turn
   * @param client a password that it no longer wants hashed is dropped, unless hashing has begun
   * @return fails with {@code NOT_FOUND}, with {@code INVALID} for a hash that can't be verified
   *     here, or with {@code UNAVAILABLE} and {@code retryAfter} when too many passwords wait
   */
  Future<Void> setPassword(
      long id, NewPassword password, ClientAddress address, Cancellation client);

  /**
   * Whether this is the user's password; false also for a user without one and for no user, in the
   * same time. A hash that is weaker than a new one would be is replaced when the password is right
   * and was compared whole: what an old scheme cut off did not count, and may be anything. Answers
   * to wrong passwords are held back where there were many for this id, and until then further ones
   * for it from this address wait.
   *
   * @param address who asks: where passwords wait to be hashed, each address has its turn
   * @param client a verification that it no longer wants is dropped, unless it has begun
   * @return fails with {@code UNAVAILABLE} and {@code retryAfter} when too many passwords wait
   */
  Future<Boolean> verifyPassword(
      long id, String password, ClientAddress address, Cancellation client);
}
