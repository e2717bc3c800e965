package dev.rollcall.sources;

import io.vertx.core.Future;

/**
 * What can be asked about a user: {@code sources.http} asks over HTTP, {@code sources.bus} over the
 * event bus. {@link SourceClient} has all that does not depend on the kind: permits, breaker,
 * hedges, retries, sharing and caching.
 */
public interface Source {
  /**
   * Makes one attempt at an answer, from the caller's event loop. The request's cancellation ends
   * the attempt, at the upstream as well where that is possible.
   *
   * @param grace milliseconds after the deadline when a source with a timer of its own replies that
   *     it is late; 0 or 1
   * @return completes on the caller's event loop and never fails
   */
  Future<SourceReply> ask(SourceRequest request, long grace);

  /** Repeats what a lost node may have been asked, where that does no harm. */
  default void nodeLost() {}

  /** Ends the attempts under way and releases what the source holds. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
