package dev.rollcall.users;

import io.vertx.core.Future;
import java.util.List;

/**
 * The users of a company, as every transport offers them.
 *
 * <p>Futures complete on the context of the caller, or on the calling thread when the answer is at
 * hand. They fail with a {@link dev.rollcall.base.Failure} only.
 */
public interface Users {

  /** The user with this id; fails with {@code NOT_FOUND}. */
  Future<User> get(long id);

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

  /** A page of users. */
  Future<UserPage> list(UserQuery query);

  /** A stretch of the change feed; fails with {@code GONE} when {@code after} is too old. */
  Future<ChangePage> changes(long after, int limit);

  /** The newest seq that readers may have seen. */
  long position();

  /** Fires when the feed has grown. */
  ChangeSignal signal();
}
