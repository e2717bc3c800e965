package dev.rollcall.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection, and what is expected of it by when.
 *
 * <p>A connection is in one of three states. <i>Idle</i>, with a deadline for its next request;
 * <i>awaited</i>, with a deadline for a body; or <i>at work</i>, without a deadline, when it is our
 * turn. Deadlines are looked at by a sweep instead of by timers, of which each request would need
 * one. Vert.x' own idle timeout can't do this: it starts anew with each byte that drips in.
 */
final class Peer {

  /** How long a client may go on sending what will not be read, before the connection is closed. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

  private final HttpConnection connection;
  private final long idleTimeout;
  private int requests;
  private long deadline;
  private @Nullable Runnable late;

  /**
   * A new connection, idle from now on.
   *
   * @param idleTimeout in nanoseconds
   */
  Peer(HttpConnection connection, long idleTimeout) {
    this.connection = connection;
    this.idleTimeout = idleTimeout;
    expect(System.nanoTime() + idleTimeout, connection::close);
  }

  /** A request has begun. There may be two for a moment, when a client pipelines. */
  void begin() {
    requests++;
    arrived();
  }

  /** A request has been answered, or its client has gone. */
  void end(long now) {
    requests--;
    if (requests == 0) {
      expect(now + idleTimeout, connection::close);
    }
  }

  /** Has something run, once, when the client has not sent what it should by then. */
  void expect(long nanoTime, Runnable whenLate) {
    deadline = nanoTime;
    late = whenLate;
  }

  /** What was expected has arrived: no deadline until there is a new one. */
  void arrived() {
    late = null;
  }

  /**
   * Closes the connection once the client has sent the rest of a body that nobody wants, but soon.
   *
   * <p>Closing at once would reset the connection, and the client, still writing, might never see
   * the answer.
   */
  void linger(HttpServerRequest request) {
    request.exceptionHandler(null);
    request.handler(null);
    request.endHandler(end -> connection.close());
    expect(System.nanoTime() + LINGER, connection::close);
    request.resume();
  }

  /** Whether the deadline has passed. */
  boolean isLate(long now) {
    return late != null && now - deadline >= 0;
  }

  void expire() {
    Runnable expired = late;
    late = null;
    if (expired != null) {
      expired.run();
    }
  }

  void close() {
    connection.close();
  }
}
