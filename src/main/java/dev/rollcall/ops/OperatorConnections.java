package dev.rollcall.ops;

import dev.rollcall.framing.Http2Channel;
import io.netty.channel.ChannelFuture;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The connections of the port for operators: a bounded number, and none idle for long.
 *
 * <p>A connection is idle while no request of it is under way: a head or a body that drips, or an
 * answer that its client does not read, does not count. When all places are taken, the connection
 * that has been idle for longest is closed, so that clients that hold connections open keep no
 * operator out. Belongs to one event loop.
 */
final class OperatorConnections implements Handler<HttpConnection> {

  static final long SWEEP_MILLIS = 1_000;

  static final long IDLE = TimeUnit.SECONDS.toNanos(60);

  private final int limit;

  /** The idle ones and since when; the longest idle first. */
  private final Map<HttpConnection, Long> idle = new LinkedHashMap<>();

  /** How many requests each has under way. */
  private final Map<HttpConnection, Integer> open = new HashMap<>();

  private final Map<HttpConnection, OperatorStreams> streams = new HashMap<>();

  OperatorConnections(int limit) {
    this.limit = limit;
  }

  @Override
  public void handle(HttpConnection connection) {
    if (open.size() >= limit && !makeRoom()) {
      close(connection);
      return;
    }
    open.put(connection, 0);
    idle.put(connection, System.nanoTime());
    Http2Channel http2 = Http2Channel.of(connection);
    if (http2 != null) {
      streams.put(connection, new OperatorStreams(http2));
    }
    connection.closeHandler(
        closed -> {
          open.remove(connection);
          idle.remove(connection);
          streams.remove(connection);
        });
  }

  private boolean makeRoom() {
    Iterator<HttpConnection> longest = idle.keySet().iterator();
    if (!longest.hasNext()) {
      return false;
    }
    HttpConnection connection = longest.next();
    longest.remove();
    close(connection);
    return true;
  }

  /** A request is under way until it is answered. */
  void begin(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    if (open.computeIfPresent(connection, (same, count) -> count + 1) != null) {
      idle.remove(connection);
      whenEnded(request, () -> {});
    }
  }

  /** Runs an action at the end of a request that is under way, whichever way it ends. */
  void whenEnded(HttpServerRequest request, Runnable action) {
    HttpConnection connection = request.connection();
    request
        .response()
        .endHandler(
            end -> {
              end(connection);
              action.run();
            });
  }

  /** The client of a long answer reads it, so that its stream is not idle. */
  void isRead(HttpServerRequest request) {
    OperatorStreams watched = streams.get(request.connection());
    if (watched != null) {
      watched.isRead(request.streamId());
    }
  }

  private void end(HttpConnection connection) {
    Integer left = open.computeIfPresent(connection, (same, count) -> count - 1);
    if (left != null && left == 0) {
      idle.put(connection, System.nanoTime());
    }
  }

  /** Closes what has been idle for too long. */
  void sweep() {
    long now = System.nanoTime();
    streams.values().forEach(each -> each.sweep(now));
    List<HttpConnection> late = new ArrayList<>();
    for (Map.Entry<HttpConnection, Long> each : idle.entrySet()) {
      if (now - each.getValue() < IDLE) {
        break;
      }
      late.add(each.getKey());
    }
    late.forEach(idle::remove);
    late.forEach(OperatorConnections::close);
  }

  /** At once: Vert.x' own close waits until the client has read all that is written. */
  private static void close(HttpConnection connection) {
    ChannelFuture unused = ((ConnectionBase) connection).channelHandlerContext().close();
  }
}
