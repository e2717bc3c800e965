package dev.rollcall.followers.erasures;

import io.vertx.core.Future;

/**
 * What Rollcall itself holds of a user beside the store's users and their feed: results of jobs,
 * answers kept of sources, fetches seen, on all nodes.
 */
public interface Traces {
  /**
   * Forgets a user. Doing it twice is the same as once.
   *
   * @return succeeds when all live nodes have forgotten the user, and fails with a {@link
   *     dev.rollcall.base.Failure} where one of them did not say so
   */
  Future<Void> forget(long userId);
}
