package dev.rollcall.ops;

import dev.rollcall.access.Principal;
import dev.rollcall.views.RecentFetches;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** What is said of the fetches of views, past ones and those to come. Belongs to one event loop. */
final class FetchAnswers {
  private final RecentFetches recent;
  private final LiveFetches live;

  FetchAnswers(RecentFetches recent, OperatorConnections connections) {
    this.recent = recent;
    this.live = new LiveFetches(recent, connections);
  }

  /** Those of the past that a request asks for. */
  Future<OperatorAnswer> page(Vertx vertx, HttpServerRequest request) {
    FetchQuery query = FetchQuery.read(request, FetchQuery.OF_THE_PAST);
    // A thousand with many sources take milliseconds.
    return vertx.executeBlocking(
        () -> OperatorAnswer.text("application/json", query.page(recent)), false);
  }

  /** Begins a stream of those to come, as {@link LiveFetches#begin} does. */
  void follow(Vertx vertx, HttpServerRequest request, Principal operator) {
    live.begin(vertx, request, operator);
  }

  /** Ends all streams as whole answers. */
  void end() {
    live.end();
  }
}
