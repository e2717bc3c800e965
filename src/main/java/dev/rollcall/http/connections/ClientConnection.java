package dev.rollcall.http.connections;

import dev.rollcall.config.HttpSettings;
import dev.rollcall.framing.RequestFraming;
import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a client, and what the client is to send or to read by when.
 *
 * <p>A connection is in one of three states. <i>Idle</i>, with a deadline for its next request;
 * <i>awaited</i>, with a deadline for a body; or <i>at work</i>, without a deadline, when it is our
 * turn. In each of them the client must take what there is for it. Deadlines are looked at by a
 * sweep instead of by timers, of which each request would need one. Vert.x' own idle timeout can't
 * do this: it starts anew with each byte that drips in.
 */
public final class ClientConnection {

  /** How long a client may go on sending what will not be read, before the connection is closed. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

  private final HttpConnection connection;
  private final AddressShare share;
  private final HeadBytes head;
  private final UnreadBytes unread;
  private final long idleTimeout;
  private int requests;
  private long deadline;
  private @Nullable Runnable late;
  private boolean leaving;

  /** Whether the deadline is put off while the client takes what there is for it. */
  private boolean patient;

  /**
   * A new connection, idle from now on, whose heads are read strictly.
   *
   * @param share that of the client's address
   */
  ClientConnection(
      HttpConnection connection, HttpLimits limits, AddressShare share, HttpSettings settings) {
    this.connection = connection;
    this.share = share;
    this.head = new HeadBytes(limits, share);
    this.idleTimeout = settings.idleTimeout().toNanos();
    this.unread =
        new UnreadBytes(
            ((ConnectionBase) connection).channel(),
            new RateDeadline(settings.clients().leastRate(), idleTimeout, idleTimeout));
    RequestFraming.admit(connection, head::receive);
    expectSoon(System.nanoTime(), this::close);
  }

  /** The share of the client's address. */
  public AddressShare share() {
    return share;
  }

  /** A request has begun. There may be two for a moment, when a client pipelines. */
  public void begin() {
    requests++;
    head.end();
    arrived();
  }

  /**
   * The answer that is given now says that it is the connection's last one: what the client may
   * have sent behind that request already is not carried out (RFC 9112, 9.6).
   */
  public void leave() {
    leaving = true;
  }

  /** Whether requests are taken no more. */
  public boolean isLeaving() {
    return leaving;
  }

  /** A request has been answered, or its client has gone. */
  public void end(long now) {
    requests--;
    if (requests == 0) {
      head.forget();
      if (!leaving) {
        head.await();
      }
      expectSoon(now, this::close);
    }
  }

  /** The connection is closed. */
  void gone() {
    head.forget();
  }

  /** Has something run, once, when the client has not sent what it should by then. */
  public void expect(long nanoTime, Runnable whenLate) {
    deadline = nanoTime;
    late = whenLate;
    patient = false;
  }

  private void expectSoon(long now, Runnable whenLate) {
    expect(now + idleTimeout, whenLate);
    patient = true;
  }

  /** What was expected has arrived: no deadline until there is a new one. */
  public void arrived() {
    late = null;
  }

  /**
   * Closes the connection behind an answer: at once, or soon where the client is still sending a
   * body that nobody wants, since it might not see the answer where its writing fails.
   */
  public void closeBehind(HttpServerRequest request, boolean bodyPending) {
    if (!bodyPending || request.isEnded()) {
      close();
      return;
    }
    request.exceptionHandler(null);
    request.handler(null);
    request.endHandler(end -> close());
    expect(System.nanoTime() + LINGER, this::close);
    request.resume();
  }

  /** Whether the deadline has passed. */
  boolean isLate(long now) {
    if (late == null || now - deadline < 0) {
      return false;
    }
    if (patient && unread.areThere()) {
      deadline = now + idleTimeout;
      return false;
    }
    return true;
  }

  /**
   * Whether the client takes what there is for it at less than the least rate. It has as much time
   * as it may idle at first, since the kernel takes in steps. Looked at by the sweep.
   */
  boolean readsTooSlowly(long now) {
    return unread.areTakenTooSlowly(now);
  }

  /** Whether the client leaves more unread than the connection should hold. */
  public boolean leavesMuch() {
    return connection instanceof ConnectionBase base && !base.channel().isWritable();
  }

  /** Runs what is to happen when the deadline has passed, where nothing has arrived since. */
  void timeOut() {
    Runnable whenLate = late;
    late = null;
    if (whenLate != null) {
      whenLate.run();
    }
  }

  /** Closes the connection once the client has taken what is written, or does not for too long. */
  void close() {
    expectSoon(System.nanoTime(), this::abort);
    connection.close();
  }

  /**
   * Ends the connection now, with whatever has not been taken.
   *
   * <p>Vert.x' own {@code close} first waits until all is written, which a client that does not
   * read can put off for ever; what Vert.x does to idle connections is only to be had like this.
   */
  public void abort() {
    if (connection instanceof ConnectionBase base) {
      ChannelFuture unused = base.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }
}
