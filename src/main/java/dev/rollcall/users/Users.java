package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.ClientAddress;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The users of a company, as every transport offers them.
 *
 * <p>Futures complete on the context of the caller, or on the calling thread when the answer is at
 * hand. They fail with a {@link dev.rollcall.base.Failure} only.
 */
public interface Users {

  /** The user with this id, where it is at hand; null says nothing. */
  @Nullable User present(long id);

  /**
   * The user with this id; fails with {@code NOT_FOUND}.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<User> get(long id, Cancellation client);

  /**
   * Carries out a write; succeeds once it is durable.
   *
   * @return fails with {@code CONFLICT}, {@code NOT_FOUND}, {@code PRECONDITION_FAILED}, {@code
   *     TOO_LARGE} or {@code UNAVAILABLE}, the last "not written" unless it says {@code
   *     outcome-unknown}
   */
  Future<WriteOutcome> write(UserWrite write);

  /** Carries out writes in their order, each for itself; see {@link UserStore#writeAll}. */
  Future<BulkOutcome> writeAll(List<UserWrite> writes);

  /**
   * A page of users.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<UserPage> list(UserQuery query, Cancellation client);

  /**
   * A stretch of the change feed; fails with {@code GONE} when {@code after} is too old.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<ChangePage> changes(long after, int limit, Cancellation client);

  /** The newest seq that readers may have seen. */
  long position();

  /** Fires when the feed has grown. */
  ChangeSignal signal();

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
