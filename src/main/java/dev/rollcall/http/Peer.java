package dev.rollcall.http;

import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection, and what is expected of it by when.
 *
 * <p>A connection is in one of three states. <i>Idle</i>, with a deadline for its next request;
 * <i>awaited</i>, with a deadline for a body, or for the client to read; or <i>at work</i>, without
 * a deadline, when it is our turn. Deadlines are looked at by a sweep instead of by timers, of
 * which each request would need one. Vert.x' own idle timeout can't do this: it starts anew with
 * each byte that drips in.
 */
final class Peer {

  /** How long a client may go on sending what will not be read, before the connection is closed. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

  private final HttpConnection connection;
  private final long idleTimeout;
  private int requests;
  private long deadline;
  private @Nullable Runnable late;
  private boolean leaving;

  /**
   * A new connection, idle from now on.
   *
   * @param idleTimeout in nanoseconds
   */
  Peer(HttpConnection connection, long idleTimeout) {
    this.connection = connection;
    this.idleTimeout = idleTimeout;
    expect(System.nanoTime() + idleTimeout, this::close);
  }

  /** A request has begun. There may be two for a moment, when a client pipelines. */
  void begin() {
    requests++;
    arrived();
  }

  /**
   * The answer that is given now says that it is the connection's last one: what the client may
   * have sent behind that request already is not carried out (RFC 9112, 9.6).
   */
  void leave() {
    leaving = true;
  }

  /** Whether requests are taken no more. */
  boolean isLeaving() {
    return leaving;
  }

  /** A request has been answered, or its client has gone. */
  void end(long now) {
    requests--;
    if (requests == 0) {
      expect(now + idleTimeout, this::close);
    }
  }

  /** Has something run, once, when the client has not sent what it should by then. */
  void expect(long nanoTime, Runnable whenLate) {
    deadline = nanoTime;
    late = whenLate;
  }

  /** Ends the connection when the client takes nothing of a stream for as long as it may idle. */
  void expectProgress() {
    expect(System.nanoTime() + idleTimeout, this::abort);
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
    request.endHandler(end -> close());
    expect(System.nanoTime() + LINGER, this::close);
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

  /** Closes the connection once the client has taken what is written, or does not for too long. */
  void close() {
    expect(System.nanoTime() + idleTimeout, this::abort);
    connection.close();
  }

  /**
   * Ends the connection now, with whatever has not been taken.
   *
   * <p>Vert.x' own {@code close} first waits until all is written, which a client that does not
   * read can put off for ever; what Vert.x does to idle connections is only to be had like this.
   */
  void abort() {
    if (connection instanceof ConnectionBase base) {
      ChannelFuture unused = base.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }
}
