package dev.rollcall.http.connections;

import dev.rollcall.framing.Http2Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream of HTTP/2, which carries one request. Whatever cuts it resets it, and leaves the other
 * streams of its connection alone.
 */
final class MultiplexedStream extends ClientStream {

  /** What a stream takes of memory beside its head, and a piece of its body beside its bytes. */
  private static final int STREAM_COST = 4096;

  private static final int PIECE_COST = 200;

  private final MultiplexedConnection connection;
  private final Http2Channel channel;
  private final Http2Stream stream;
  private final StreamBytes bytes;
  private @Nullable HttpServerResponse response;
  private long held;
  private long waiting;
  private int pieces;
  private long body;
  private long granted;
  private long sent;
  private boolean behind;

  /** By when a client that is behind must have taken some; few ever are. */
  private @Nullable RateDeadline reading;

  /** A stream whose request has begun. */
  MultiplexedStream(
      MultiplexedConnection connection,
      Http2Channel channel,
      Http2Stream stream,
      StreamBytes bytes) {
    super(connection.share(), connection.idleTimeout());
    this.connection = connection;
    this.channel = channel;
    this.stream = stream;
    this.bytes = bytes;
  }

  /** Takes room for a head; false where there is none. */
  boolean open(int headBytes) {
    held = (long) STREAM_COST + headBytes;
    if (bytes.take(held)) {
      return true;
    }
    held = 0;
    return false;
  }

  /** The request has reached the server. */
  void carry(HttpServerRequest request) {
    response = request.response();
  }

  /**
   * So many bytes of its body wait to be taken. They come in pieces, each of which takes memory of
   * its own, and are taken in their order.
   */
  void await(int untaken) {
    pieces = untaken <= waiting ? Math.min(pieces + 1, untaken) : pieces + 1;
    waiting = untaken;
    long more = waiting + (long) pieces * PIECE_COST;
    giveBackBody();
    if (bytes.take(more)) {
      body = more;
    } else {
      channel.reset(stream, Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  private void giveBackBody() {
    bytes.giveBack(body);
    body = 0;
  }

  void grant(int more) {
    granted += more;
  }

  /** It is over. */
  void closed() {
    bytes.giveBack(held);
    held = 0;
    giveBackBody();
    arrived();
  }

  /** Looks whether it is late, or its client too slow. */
  void look(long now, List<Runnable> endings) {
    if (isTakenTooSlowly(now)) {
      endings.add(() -> channel.reset(stream, Http2Error.CANCEL));
    } else if (isLate(now)) {
      endings.add(this::timeOut);
    }
  }

  private boolean isTakenTooSlowly(long now) {
    if (!holdsUnread()) {
      behind = false;
      return false;
    }
    long all = channel.sent(stream, granted);
    RateDeadline deadline = reading == null ? connection.reading() : reading;
    reading = deadline;
    if (behind) {
      deadline.pass(all - sent, now);
    } else {
      behind = true;
      deadline.begin(now);
    }
    sent = all;
    return now - deadline.at() >= 0;
  }

  /** Whether something waits below Vert.x, or in it as long as the client takes nothing. */
  private boolean holdsUnread() {
    if (channel.holds(stream)) {
      return true;
    }
    HttpServerResponse answer = response;
    return answer != null
        && stream.state().localSideOpen()
        && answer.headWritten()
        && !channel.isWritable(stream);
  }

  @Override
  public void begin() {
    arrived();
  }

  /** The client may still be to read the answer, or to send what is left of a small body. */
  @Override
  public void end(long now) {
    expectSoon(now, () -> channel.reset(stream, Http2Error.NO_ERROR));
  }

  @Override
  public void leave(MultiMap answer) {
    connection.drain();
  }

  @Override
  public boolean isLeaving() {
    return false;
  }

  @Override
  public void closeBehind(HttpServerRequest request, boolean bodyPending) {
    if (!bodyPending || request.isEnded()) {
      return;
    }
    request.exceptionHandler(null);
    request.handler(null);
    request.endHandler(null);
    expect(System.nanoTime() + SerialConnection.LINGER, this::endLate);
    request.resume();
  }

  /** The client may stop sending (RFC 9113, 8.1), once it has the answer. */
  private void endLate() {
    if (holdsUnread()) {
      expect(System.nanoTime() + SerialConnection.LINGER, this::endLate);
    } else {
      channel.reset(stream, Http2Error.NO_ERROR);
    }
  }

  @Override
  boolean leavesUnread() {
    return behind;
  }

  @Override
  public boolean leavesMuch() {
    return isBehind();
  }

  @Override
  public boolean isBehind() {
    boolean unread = holdsUnread();
    if (unread) {
      channel.flush();
    }
    return unread;
  }

  @Override
  public void abort() {
    channel.reset(stream, Http2Error.INTERNAL_ERROR);
  }
}
