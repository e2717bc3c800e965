package dev.rollcall.ops;

import dev.rollcall.access.Principal;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.wire.ServerSentEvents;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code GET /fetches/live}: the fetches of views as they end, as server-sent events, to a few
 * operators.
 *
 * <p>Each stream reads what the event loops keep anyway, so that it costs them nothing and is
 * bounded: of many fetches it shows a sample and says how many it left out. Belongs to one event
 * loop.
 */
final class LiveFetches {
  /** So many streams at once; they share the places of the port with all others. */
  static final int MOST = 10;

  /** How often they are written to, in milliseconds. */
  private static final long INTERVAL = 100;

  private final RecentFetches recent;
  private final OperatorConnections connections;
  private final Set<LiveFetchStream> streams = new HashSet<>();
  private long timer = -1;

  LiveFetches(RecentFetches recent, OperatorConnections connections) {
    this.recent = recent;
    this.connections = connections;
  }

  /**
   * Begins a stream.
   *
   * @throws Failure of kind {@code INVALID} for its parameters, of kind {@code UNAVAILABLE} where
   *     there are too many
   */
  void begin(Vertx vertx, HttpServerRequest request, Principal operator) {
    FetchQuery query = FetchQuery.read(request, FetchQuery.LIVE);
    HttpServerResponse response = request.response();
    boolean head = HttpMethod.HEAD.equals(request.method());
    if (!head && streams.size() >= MOST) {
      throw Failure.of(Kind.UNAVAILABLE, "too many event streams are open");
    }
    response
        .putHeader("Content-Type", ServerSentEvents.TYPE)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    ServerSentEvents.unbuffered(response.headers());
    if (head) {
      response.end();
      return;
    }
    LiveFetchStream stream = new LiveFetchStream(request, operator, query, recent.follow());
    streams.add(stream);
    connections.whenEnded(request, () -> streams.remove(stream));
    stream.begin();
    if (timer < 0) {
      timer = vertx.setPeriodic(INTERVAL, due -> write(vertx));
    }
  }

  private void write(Vertx vertx) {
    if (streams.isEmpty()) {
      vertx.cancelTimer(timer);
      timer = -1;
      return;
    }
    for (LiveFetchStream stream : List.copyOf(streams)) {
      if (stream.goOn()) {
        connections.isRead(stream.request());
      }
    }
  }

  /** Ends all as whole answers. */
  void end() {
    List.copyOf(streams).forEach(LiveFetchStream::end);
  }
}
