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
 * Writes questions to a connection of HTTP/1.1 and reads their answers ({@link HttpAnswerDecoder}).
 * Stands in the place of Netty's {@code HttpClientCodec}. Belongs to one event loop.
 *
 * <p>A question that follows an answer at once is held back until the event loop has looked at its
 * sockets: what a source sent behind that answer is found then, instead of taken for the next one.
 */
final class HttpAnswerCodec
    extends CombinedChannelDuplexHandler<HttpAnswerDecoder, HttpRequestEncoder>
    implements KeptConnection {

  /** A question that is held back, whole. */
  private record Held(Object message, ChannelPromise promise) {}

  private final ReadPasses passes;
  private final ChannelFutureListener sent = this::sent;
  private @Nullable Held held;

  private int questions;
  private boolean written;

  HttpAnswerCodec(HttpDecoderConfig config, ReadPasses passes) {
    super(new HttpAnswerDecoder(config, passes), new HttpRequestEncoder());
    this.passes = passes;
  }

  @Override
  public boolean isUnread(boolean repeatable) {
    return !written || (repeatable && questions > 1 && !inboundHandler().hasBegun());
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpRequest) {
      questions++;
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
      ChannelPromise told = promise.unvoid();
      told.addListener(sent);
      super.write(ctx, message, told);
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
    Held question = held;
    held = null;
    if (question == null) {
      return;
    }
    try {
      begin(ctx, question.message(), question.promise());
      super.flush(ctx);
    } catch (Exception e) {
      question.promise().tryFailure(e);
      ctx.fireExceptionCaught(e);
    }
  }

  /** A question that is still held back when the connection ends is not asked. */
  private void drop() {
    Held question = held;
    held = null;
    if (question != null) {
      ReferenceCountUtil.release(question.message());
      question.promise().tryFailure(new ClosedChannelException());
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
