package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store of users and the service over it have in common.
 *
 * <p>Futures complete on the context of the caller, or on the calling thread when the answer is at
 * hand. They fail with a {@link dev.rollcall.base.Failure}: {@code UNAVAILABLE} when the store
 * can't be reached or its queue is full. A read whose client is cancelled, or that waits too long,
 * is dropped from the queue; one that has begun, and every write, runs to its end, which is
 * bounded.
 */
public interface StoredUsers {
  /** The user with this id where it is in memory; null says nothing. */
  default @Nullable User present(long id) {
    return null;
  }

  /**
   * Carries out a write, ahead of bulk ones; succeeds once it is durable.
   *
   * @return fails with {@code CONFLICT}, {@code NOT_FOUND}, {@code PRECONDITION_FAILED}, {@code
   *     TOO_LARGE}, or {@code UNAVAILABLE}: not written, unless it says {@code outcome-unknown}
   */
  Future<WriteOutcome> write(UserWrite write);

  /**
   * Carries out a few hundred writes in their order, each for itself; they yield to single writes
   * and may take several transactions. Never fails: the outcome says where the store stopped.
   */
  Future<BulkOutcome> writeAll(List<UserWrite> writes);

  Future<UserPage> list(UserQuery query, Cancellation client);

  /**
   * At most {@code limit} changes behind a seq, 0 for the beginning; fails with {@code GONE} when
   * they are no longer kept.
   */
  Future<ChangePage> changes(long after, int limit, Cancellation client);

  /** The newest published seq; the feed shows nothing above it. */
  long position();

  /** Fires after each commit, when {@link #position()} has moved. */
  ChangeSignal signal();
}
