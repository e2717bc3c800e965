package dev.rollcall.sources.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests to a connection of HTTP/1.1 and reads their answers ({@link HttpAnswerDecoder}),
 * in the place of Netty's {@code HttpClientCodec}. Belongs to one event loop.
 *
 * <p>A request that follows an answer at once is held back until the event loop has read its
 * sockets, so that what came behind that answer is not taken for the next one.
 */
final class HttpAnswerCodec
    extends CombinedChannelDuplexHandler<HttpAnswerDecoder, HttpRequestEncoder>
    implements KeptConnection {
  /** A whole request that is held back. */
  private record Held(Object message, ChannelPromise promise) {}

  private final ReadPasses passes;
  private final ChannelFutureListener sent = this::sent;
  private @Nullable Held held;
  private int requests;
  private boolean written;

  HttpAnswerCodec(HttpDecoderConfig config, ReadPasses passes) {
    super(new HttpAnswerDecoder(config, passes), new HttpRequestEncoder());
    this.passes = passes;
  }

  @Override
  public boolean isUnread(boolean repeatable) {
    return !written || (repeatable && requests > 1 && !inboundHandler().hasBegun());
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpRequest) {
      requests++;
      written = false;
      long pass = inboundHandler().pass();
      if (message instanceof LastHttpContent && !passes.reached(pass)) {
        held = new Held(message, promise);
        passes.whenReached(pass, () -> release(ctx));
        return;
      }
    }
    begin(ctx, message, promise);
  }

  private void begin(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    HttpAnswerDecoder decoder = inboundHandler();
    if (message instanceof HttpRequest) {
      written = true;
      decoder.asked();
    }
    if (message instanceof LastHttpContent) {
      ChannelPromise listened = promise.unvoid();
      listened.addListener(sent);
      super.write(ctx, message, listened);
    } else {
      super.write(ctx, message, promise);
    }
  }

  private void sent(ChannelFuture future) {
    if (future.isSuccess()) {
      inboundHandler().sent();
    }
  }

  private void release(ChannelHandlerContext ctx) {
    Held request = held;
    held = null;
    if (request == null) {
      return;
    }
    try {
      begin(ctx, request.message(), request.promise());
      super.flush(ctx);
    } catch (Exception e) {
      request.promise().tryFailure(e);
      ctx.fireExceptionCaught(e);
    }
  }

  /** A request that is held back when the connection ends is not sent. */
  private void drop() {
    Held request = held;
    held = null;
    if (request != null) {
      ReferenceCountUtil.release(request.message());
      request.promise().tryFailure(new ClosedChannelException());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    drop();
    super.channelInactive(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) throws Exception {
    drop();
    super.handlerRemoved(ctx);
  }
}
