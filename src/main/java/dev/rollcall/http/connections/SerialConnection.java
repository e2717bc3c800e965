package dev.rollcall.http.connections;

import dev.rollcall.budgets.AddressShare;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.framing.RequestFraming;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection of HTTP/1.1, which carries one request after the other. */
final class SerialConnection extends ClientStream implements ClientConnection {

  /** How long a client may go on sending what will not be read, before the connection is closed. */
  static final long LINGER = TimeUnit.SECONDS.toNanos(1);

  private final HttpConnection connection;
  private final ChannelHandlerContext context;
  private final Channel channel;
  private final HeadBytes head;
  private final UnreadBytes unread;
  private int requests;
  private boolean leaving;

  /**
   * A new connection, idle from now on, whose heads are read strictly.
   *
   * @param share that of the client's address
   */
  SerialConnection(
      HttpConnection connection, HttpLimits limits, AddressShare share, HttpSettings settings) {
    super(share, settings.idleTimeout().toNanos());
    this.connection = connection;
    this.context = ((ConnectionBase) connection).channelHandlerContext();
    this.channel = context.channel();
    this.head = new HeadBytes(limits, share);
    this.unread = UnreadBytes.of(channel, settings);
    RequestFraming.admit(connection, head::receive);
    expectSoon(System.nanoTime(), this::close);
  }

  @Override
  public ClientStream carrierOf(HttpServerRequest request) {
    return this;
  }

  /** There may be two for a moment, when a client pipelines. */
  @Override
  public void begin() {
    requests++;
    head.end();
    arrived();
  }

  /** What the client may have sent behind that request is not carried out (RFC 9112, 9.6). */
  @Override
  public void leave(MultiMap answer) {
    leaving = true;
    answer.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
  }

  @Override
  public boolean isLeaving() {
    return leaving;
  }

  @Override
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

  @Override
  public void gone() {
    head.forget();
  }

  @Override
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

  @Override
  public void look(long now, List<Runnable> endings) {
    if (unread.areTakenTooSlowly(now)) {
      endings.add(this::abort);
    } else if (isLate(now)) {
      endings.add(this::timeOut);
    }
  }

  @Override
  boolean leavesUnread() {
    return unread.areThere();
  }

  @Override
  public boolean leavesMuch() {
    return !channel.isWritable();
  }

  /** Vert.x' write queue tells of it. */
  @Override
  public boolean isBehind() {
    return false;
  }

  /** Closes the connection once the client has taken what is written, or does not for too long. */
  private void close() {
    expectSoon(System.nanoTime(), this::abort);
    connection.close();
  }

  /**
   * Ends the connection now.
   *
   * <p>Vert.x' own {@code close} first waits until all is written, which a client that does not
   * read can put off for ever; what Vert.x does to idle connections is only to be had like this.
   */
  @Override
  public void abort() {
    ChannelFuture unused = context.close();
  }
}
