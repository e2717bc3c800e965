package dev.rollcall.framing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Stands before Vert.x' listener of HTTP/2's frames: it counts those of control, judges heads, and
 * tells what watches the streams. Belongs to one connection.
 */
final class StrictFrameListener extends Http2FrameListenerDecorator {

  private final Http2Channel channel;
  private final Http2Connection streams;
  private final StreamWatch watch;
  private final Http2Limits limits = new Http2Limits();
  private final StrictHead head = new StrictHead();
  private final PlainRequest plain;

  StrictFrameListener(Http2FrameListener listener, Http2Channel channel, StreamWatch watch) {
    super(listener);
    this.channel = channel;
    this.streams = channel.streams();
    this.watch = watch;
    this.plain = new PlainRequest(channel);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean last)
      throws Http2Exception {
    if (admit(id, headers, last)) {
      super.onHeadersRead(context, id, headers, padding, last);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    if (admit(id, headers, last)) {
      super.onHeadersRead(context, id, headers, dependency, weight, exclusive, padding, last);
    }
  }

  /**
   * Whether a head goes on to Vert.x: not where it is answered by itself. The stream of another one
   * is closed at once: Vert.x fails at streams that it does not know when the connection ends.
   */
  private boolean admit(int id, Http2Headers headers, boolean last) throws Http2Exception {
    Http2Stream stream = streams.stream(id);
    // A last head is one of trailers where another one has opened the stream.
    if (stream == null || (last && stream.state() != Http2Stream.State.HALF_CLOSED_REMOTE)) {
      return true;
    }
    if (streams.remote().numActiveStreams() > watch.mostStreams()) {
      if (channel.channel().isWritable()) {
        limits.count(Http2Limits.REFUSED);
        channel.reset(stream, Http2Error.REFUSED_STREAM);
      } else {
        // Its client reads nothing, so it would not read either that it has too many.
        channel.abort();
        throw Http2Limits.tooMany();
      }
      return false;
    }
    int bytes = head.judge(headers, plain);
    if (bytes == StrictHead.MALFORMED) {
      channel.reset(stream, Http2Error.PROTOCOL_ERROR);
      return false;
    }
    boolean answered = last && plain.isPlain() && watch.answers(plain.on(stream));
    if (answered && stream.state() == Http2Stream.State.CLOSED) {
      return false;
    }
    if (!watch.opened(stream, bytes)) {
      channel.reset(stream, Http2Error.REFUSED_STREAM);
      return false;
    }
    if (!answered) {
      channel.heedWritability();
      head.form(headers, last);
    }
    // What waits for its client is watched as any other answer is.
    return !answered;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean last)
      throws Http2Exception {
    int taken = super.onDataRead(context, id, data, padding, last);
    Http2Stream stream = streams.stream(id);
    if (stream != null) {
      int untaken = streams.local().flowController().unconsumedBytes(stream) - taken;
      if (untaken > 0) {
        watch.waiting(stream, untaken);
      }
    }
    return taken;
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext context, int id, int bytes)
      throws Http2Exception {
    if (bytes < Http2Limits.SMALL_WINDOW) {
      limits.count(1);
    }
    Http2Stream stream = streams.stream(id);
    if (stream != null && id != 0) {
      watch.granted(stream, bytes);
    }
    super.onWindowUpdateRead(context, id, bytes);
  }

  @Override
  public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
    limits.count(Http2Limits.CONTROL);
    super.onPingRead(context, data);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
    limits.count(Http2Limits.CONTROL);
    super.onPingAckRead(context, data);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    limits.count(Http2Limits.CONTROL);
    if (settings.headerTableSize() != null) {
      // Netty has taken what the client allows.
      channel.rememberNoFields();
    }
    super.onSettingsRead(context, settings);
  }

  @Override
  public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
    limits.count(Http2Limits.CONTROL);
    // Netty has taken the limit on streams that was announced, and would refuse those above it by
    // itself: without counting them, however many there are.
    streams.remote().maxActiveStreams(Integer.MAX_VALUE);
    super.onSettingsAckRead(context);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int id, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    limits.count(Http2Limits.CONTROL);
    super.onPriorityRead(context, id, dependency, weight, exclusive);
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext context, byte type, int id, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    // None is known, and Vert.x would copy each of them.
    limits.count(Http2Limits.CONTROL);
  }
}
