package dev.rollcall.sources;

import io.vertx.core.Future;

/**
 * What can be asked about a user. {@code sources.http} asks over HTTP, {@code sources.bus} whoever
 * owns an address of the event bus. {@link SourceClient} stands before it with all that does not
 * depend on the kind: permits, breaker, hedges, retries, sharing and caching.
 */
public interface Source {

  /**
   * Makes one attempt at an answer, from the caller's event loop. Turning the request's
   * cancellation ends the attempt, and tells whoever works on it where that is possible.
   *
   * @param grace milliseconds after the request's deadline when a source that keeps the time itself
   *     replies that it is late; 0 or 1
   * @return completes on the caller's event loop and never fails
   */
  Future<SourceReply> ask(SourceRequest request, long grace);

  /** Asks again what a lost node of the cluster may have been asked, where that does no harm. */
  default void nodeLost() {}

  /** Ends the attempts under way and gives back what the source holds. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
