package dev.rollcall.ops;

import dev.rollcall.framing.Http2Channel;
import dev.rollcall.framing.StreamWatch;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of one connection of HTTP/2 to the port for operators: few, and none whose client
 * does not read its answer.
 */
final class OperatorStreams implements StreamWatch {

  /** So many requests one connection may have at once. */
  static final int MOST = 16;

  private final Http2Channel channel;
  private final Http2Connection.PropertyKey begun;

  OperatorStreams(Http2Channel channel) {
    this.channel = channel;
    this.begun = channel.streams().newKey();
    channel.watch(this);
  }

  @Override
  public int mostStreams() {
    return MOST;
  }

  @Override
  public boolean opened(Http2Stream stream, int headBytes) {
    stream.setProperty(begun, System.nanoTime());
    return true;
  }

  /** Bodies are dropped as they come, so that none waits. */
  @Override
  public void waiting(Http2Stream stream, int bytes) {}

  @Override
  public void granted(Http2Stream stream, int bytes) {}

  /** The client of a stream has read some of an answer that goes on. */
  void isRead(int id) {
    Http2Stream stream = channel.streams().stream(id);
    if (stream != null) {
      stream.setProperty(begun, System.nanoTime());
    }
  }

  /** Ends those that were answered and are still there, after as long as a connection may idle. */
  void sweep(long now) {
    List<Http2Stream> unread = new ArrayList<>();
    try {
      channel
          .streams()
          .forEachActiveStream(
              stream -> {
                Long since = stream.getProperty(begun);
                if (since != null
                    && stream.isHeadersSent()
                    && now - since > OperatorConnections.IDLE) {
                  unread.add(stream);
                }
                return true;
              });
    } catch (Http2Exception e) {
      throw new IllegalStateException("looking at a stream does not fail", e);
    }
    unread.forEach(stream -> channel.reset(stream, Http2Error.CANCEL));
  }
}
