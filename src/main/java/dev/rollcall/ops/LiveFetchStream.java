package dev.rollcall.ops;

import dev.rollcall.access.Principal;
import dev.rollcall.views.RecentFetch;
import dev.rollcall.views.RecentFetches;
import dev.rollcall.wire.ServerSentEvents;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/**
 * The fetches of views as server-sent events to one operator: {@code fetch} for each that it is
 * shown, and {@code skipped} with the count of those that it is not.
 *
 * <p>To a client that does not read nothing is written, so that it costs no memory; it is told what
 * it missed, or cut off. Belongs to the event loop of its connection.
 */
final class LiveFetchStream {
  /** How many fetches are shown at once; with ten times a second, more than anybody reads. */
  private static final int MOST = 20;

  private static final long COMMENT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Principal operator;
  private final FetchQuery query;
  private final RecentFetches.Follower follower;
  private long writtenAt = System.nanoTime();
  private long readAt = writtenAt;

  LiveFetchStream(
      HttpServerRequest request,
      Principal operator,
      FetchQuery query,
      RecentFetches.Follower follower) {
    this.request = request;
    this.response = request.response();
    this.operator = operator;
    this.query = query;
    this.follower = follower;
  }

  HttpServerRequest request() {
    return request;
  }

  /** Sends the head, and something to read at once. */
  void begin() {
    response.setChunked(true).write(ServerSentEvents.BEGINNING);
  }

  /** Writes what there is; whether the client takes what is written. */
  boolean goOn() {
    long now = System.nanoTime();
    if (!operator.holds()) {
      cut();
      return false;
    }
    if (response.writeQueueFull()) {
      if (now - readAt > OperatorConnections.IDLE) {
        cut();
      }
      return false;
    }
    readAt = now;
    RecentFetches.Sample sample = follower.read(MOST, query);
    StringBuilder events = new StringBuilder();
    for (RecentFetch fetch : sample.fetches()) {
      events.append("event: fetch\ndata: ");
      fetch.append(events);
      events.append("\n\n");
    }
    if (sample.leftOut() > 0) {
      events.append("event: skipped\ndata: {\"count\":").append(sample.leftOut()).append("}\n\n");
    }
    if (events.isEmpty() && now - writtenAt > COMMENT_NANOS) {
      events.append(":\n\n");
    }
    if (!events.isEmpty()) {
      writtenAt = now;
      response.write(events.toString());
    }
    return true;
  }

  /** Breaks off, so that nobody takes the answer for whole. */
  private void cut() {
    if (request.version() == HttpVersion.HTTP_2) {
      response.reset(Http2Error.CANCEL.code());
    } else {
      request.connection().close();
    }
  }

  void end() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }
}
