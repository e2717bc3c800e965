package dev.rollcall.users;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store of users and the service over it offer alike.
 *
 * <p>Futures complete on the context of the caller, or on the calling thread when the answer is at
 * hand. They fail with a {@link dev.rollcall.base.Failure} only: {@code UNAVAILABLE} when the store
 * can't be reached or too much is waiting. A read whose client has gone, or that has waited for too
 * long, is given up while it waits; what has begun, and every write, runs to its end, which is
 * bounded.
 */
public interface StoredUsers {

  /** The user with this id, where it is at hand; null says nothing. */
  default @Nullable User present(long id) {
    return null;
  }

  /**
   * Carries out a write, ahead of bulk ones; succeeds once it is durable.
   *
   * @return fails with {@code CONFLICT}, {@code NOT_FOUND}, {@code PRECONDITION_FAILED}, {@code
   *     TOO_LARGE} or {@code UNAVAILABLE}, the last "not written" unless it says {@code
   *     outcome-unknown}
   */
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
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  Future<UserPage> list(UserQuery query, Cancellation client);

  /**
   * A stretch of the change feed.
   *
   * @param after the seq to begin behind, 0 for the beginning
   * @param limit how many changes at most
   * @param client a read that it no longer wants is dropped, unless it has begun
   * @return fails with {@code GONE} when changes behind {@code after} are no longer kept
   */
  Future<ChangePage> changes(long after, int limit, Cancellation client);

  /** The newest seq that readers may have seen; the feed shows nothing above it. */
  long position();

  /** Fires after each commit, when {@link #position()} has moved. */
  ChangeSignal signal();
}
