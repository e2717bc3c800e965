package dev.rollcall.framing;

import dev.rollcall.transport.PartialInputLimit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 below Vert.x, whose streams can be looked at and ended one by one. Belongs
 * to the event loop of the connection.
 */
public final class Http2Channel {

  private final ConnectionBase connection;
  private final ChannelHandlerContext context;
  private final Http2ConnectionHandler handler;

  private Http2Channel(ConnectionBase connection, Http2ConnectionHandler handler) {
    this.connection = connection;
    this.context = connection.channelHandlerContext();
    this.handler = handler;
  }

  /** That of a connection; null where it is one of HTTP/1.1. */
  public static @Nullable Http2Channel of(HttpConnection connection) {
    if (!(connection instanceof ConnectionBase base)) {
      return null;
    }
    return base.channelHandlerContext().handler() instanceof Http2ConnectionHandler http2
        ? new Http2Channel(base, http2)
        : null;
  }

  /** Has its heads read strictly, its frames of control counted, and its streams watched. */
  public void watch(StreamWatch watch) {
    rememberNoFields();
    PartialInputLimit.watch(context.pipeline(), handler);
    handler
        .decoder()
        .frameListener(new StrictFrameListener(handler.decoder().frameListener(), this, watch));
  }

  /**
   * Writes the heads of answers without a table of the fields before (RFC 7541, 2.3.2). Each answer
   * has an identifier of its own, which Netty would enter and look for among those before it: that
   * took a tenth of what a read of a user costs, pushed out the fields that do repeat, and kept 4
   * KiB for each connection. Now a head has about 90 bytes more.
   */
  void rememberNoFields() {
    try {
      handler.encoder().configuration().headersConfiguration().maxHeaderTableSize(0);
    } catch (Http2Exception e) {
      throw new IllegalStateException("a table of no size is always possible", e);
    }
  }

  public Channel channel() {
    return context.channel();
  }

  public Http2Connection streams() {
    return handler.connection();
  }

  /** Whether some of what a stream's client is to be sent waits until the client takes it. */
  public boolean holds(Http2Stream stream) {
    return outgoing().hasFlowControlled(stream);
  }

  /** Whether the client would take more of a stream now. */
  public boolean isWritable(Http2Stream stream) {
    return outgoing().isWritable(stream);
  }

  /**
   * How many bytes of a stream were sent.
   *
   * @param granted those that the client let it send beside the initial ones
   */
  public long sent(Http2Stream stream, long granted) {
    return outgoing().initialWindowSize() + granted - outgoing().windowSize(stream);
  }

  /** Whether the client takes a body of so many bytes now, whatever of others waits for it. */
  boolean takes(Http2Stream stream, int bytes) {
    Http2RemoteFlowController outgoing = outgoing();
    return outgoing.isWritable(stream)
        && bytes <= outgoing.windowSize(stream)
        && bytes <= outgoing.windowSize(streams().connectionStream());
  }

  /**
   * Answers a request of which Vert.x does not know. What was read at once is sent at once, in
   * pieces of what the channel holds. The stream is over then, but where its client does not take
   * all of the body.
   */
  void answer(Http2Stream stream, Http2Headers head, Buffer body) {
    Http2ConnectionEncoder encoder = handler.encoder();
    ChannelFuture unused =
        encoder.writeHeaders(context, stream.id(), head, 0, false, context.newPromise());
    ByteBuf bytes = ((BufferInternal) body).getByteBuf();
    unused = encoder.writeData(context, stream.id(), bytes, 0, true, context.newPromise());
    try {
      outgoing().writePendingBytes();
    } catch (Http2Exception e) {
      handler.onError(context, true, e);
    }
    if (!holds(stream)) {
      // Vert.x fails at streams that it does not know when the connection ends.
      stream.close();
    }
    if (!channel().isWritable()) {
      context.flush();
    }
  }

  /**
   * Has what is written know that the channel takes no more for now. It is told so later, and where
   * the channel was emptied by then, not at all: then a stream that began meanwhile would wait for
   * ever for a change that it was not told of.
   */
  void heedWritability() {
    if (channel().isWritable()) {
      return;
    }
    try {
      outgoing().channelWritabilityChanged();
    } catch (Http2Exception e) {
      handler.onError(context, true, e);
    }
  }

  /** Where the client is. */
  @Nullable SocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  private Http2RemoteFlowController outgoing() {
    return handler.encoder().flowController();
  }

  /**
   * Sends what is written. Vert.x leaves the head of an answer unsent whose body waits for its
   * client.
   */
  public void flush() {
    context.flush();
  }

  /** Ends a stream now, with whatever its client has not taken. */
  public void reset(Http2Stream stream, Http2Error why) {
    if (stream.state() == Http2Stream.State.CLOSED) {
      return;
    }
    ChannelFuture unused =
        handler.encoder().writeRstStream(context, stream.id(), why.code(), context.newPromise());
    // What it holds is free at once, even where the client does not read that it was reset.
    stream.close();
    context.flush();
  }

  /**
   * Tells the client to begin no further stream.
   *
   * @param last whether what it has begun since is not carried out; else it may not have heard yet
   */
  public void goAway(boolean last) {
    int known = last ? streams().remote().lastStreamCreated() : Integer.MAX_VALUE;
    ChannelFuture unused =
        handler.goAway(
            context,
            known,
            Http2Error.NO_ERROR.code(),
            Unpooled.EMPTY_BUFFER,
            context.newPromise());
    context.flush();
  }

  /**
   * Ends the connection now, and reads no more of it. Vert.x' own close waits until the client has
   * read what is written.
   */
  public void abort() {
    channel().config().setAutoRead(false);
    ChannelFuture unused = context.close();
  }
}
