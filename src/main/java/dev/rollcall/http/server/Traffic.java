package dev.rollcall.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What passes over one connection, in bytes: what is written and not taken yet, and the head of a
 * request that has begun.
 *
 * <p>Vert.x tells neither. A head of many short fields takes {@link #HEAD_COST} times its bytes of
 * memory, for as long as its client likes to send it and until its request is answered, so that
 * counts against the budget; one that there is no room for ends the connection. Belongs to the
 * connection's event loop.
 */
final class Traffic extends ChannelDuplexHandler {

  /** Heads of so many bytes do not count. */
  private static final int FREE = 1024;

  /** A field such as {@code a:} takes four bytes, and becomes objects of about a hundred. */
  private static final int HEAD_COST = 24;

  private static final ByteBuf HEAD_END =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());

  private final Gate gate;
  private final AddressShare share;
  private @Nullable ChannelHandlerContext context;
  private boolean headAwaited = true;
  private int head;
  private long charged;
  private long written;

  Traffic(Gate gate, AddressShare share) {
    this.gate = gate;
    this.share = share;
  }

  /** The share of the client's address. */
  AddressShare share() {
    return share;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (headAwaited && message instanceof ByteBuf read && !receive(read)) {
      read.release();
      ChannelFuture unused = ctx.close();
      return;
    }
    ctx.fireChannelRead(message);
  }

  /** Counts what is of the head; false where there is no room for it. */
  private boolean receive(ByteBuf read) {
    int size = read.readableBytes();
    if (head + size <= FREE) {
      head += size;
      return true;
    }
    int end = ByteBufUtil.indexOf(HEAD_END, read);
    head += end < 0 ? size : end - read.readerIndex();
    long all = (long) head * HEAD_COST;
    if (head <= FREE || all <= charged) {
      return true;
    }
    if (!gate.receive(share, all - charged, all)) {
      return false;
    }
    charged = all;
    return true;
  }

  /** The head has been read, and stays in memory with its request. */
  void headRead() {
    headAwaited = false;
  }

  /** The head of the next request is awaited. */
  void awaitHead() {
    headAwaited = true;
  }

  /** The requests that there were have ended, and what their heads took is free again. */
  void forgetHead() {
    head = 0;
    if (charged > 0) {
      gate.forget(share, charged);
      charged = 0;
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      written += bytes.readableBytes();
    }
    // Whoever writes hears of it by the promise.
    ChannelFuture unused = ctx.write(message, promise);
  }

  /** All bytes that were written since the connection was opened. */
  long written() {
    return written;
  }

  /** Those of them that the client has not taken, and some more for what keeps them. */
  long waiting() {
    ChannelOutboundBuffer buffer =
        context == null ? null : context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }
}
