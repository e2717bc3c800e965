package dev.rollcall.sources.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * Drops interim answers from a connection of HTTP/2, since the client takes those that it does not
 * know for final ones. A stream with too many of them is reset, and so is one that ends with one.
 */
final class Http2InterimAnswers extends Http2FrameListenerDecorator implements KeptConnection {
  /** The number of a client's first stream. */
  private static final int FIRST_STREAM = 1;

  private final Http2Connection connection;
  private final Http2Connection.PropertyKey counts;

  Http2InterimAnswers(Http2Connection connection, Http2FrameListener client) {
    super(client);
    this.connection = connection;
    this.counts = connection.newKey();
  }

  @Override
  public boolean isUnread(boolean repeatable) {
    return repeatable && connection.local().lastStreamCreated() > FIRST_STREAM;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
      throws Http2Exception {
    if (!isInterim(id, headers, end)) {
      super.onHeadersRead(ctx, id, headers, padding, end);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end)
      throws Http2Exception {
    if (!isInterim(id, headers, end)) {
      super.onHeadersRead(ctx, id, headers, dependency, weight, exclusive, padding, end);
    }
  }

  private boolean isInterim(int id, Http2Headers headers, boolean end) throws Http2Exception {
    CharSequence status = headers.status();
    if (status == null || HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
      return false;
    }
    // HTTP/2 has no 101 (RFC 9113, 8.6).
    if ("101".contentEquals(status)) {
      throw fault(id, new UnusableInterimAnswer("status 101"));
    }
    if (end) {
      throw fault(id, new UnusableInterimAnswer("an interim answer without a final one"));
    }
    Http2Stream stream = connection.stream(id);
    if (stream != null) {
      @Nullable Integer before = stream.getProperty(counts);
      int count = before == null ? 1 : before + 1;
      stream.setProperty(counts, count);
      if (count > UnusableInterimAnswer.LIMIT) {
        throw fault(id, UnusableInterimAnswer.tooMany());
      }
    }
    return true;
  }

  private static Http2Exception fault(int id, UnusableInterimAnswer answer) {
    return Http2Exception.streamError(
        id, Http2Error.PROTOCOL_ERROR, answer, "%s", String.valueOf(answer.getMessage()));
  }
}
