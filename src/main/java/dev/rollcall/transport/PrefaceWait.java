package dev.rollcall.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what a client of HTTP/2 begins with: a fixed text, and a frame of settings (RFC 9113,
 * 3.4). The server hears of the connection only then, and so does not end one that says nothing.
 * Belongs to one connection.
 */
final class PrefaceWait extends ChannelInboundHandlerAdapter {

  static final int SECONDS = 10;

  /** The text, in front of a frame's length of three bytes. */
  private static final int TEXT = 24;

  private static final int FRAME_HEAD = 9;
  private static final int END_OF_LENGTH = TEXT + 3;

  private final Runnable whenBegun;
  private long seen;
  private int length;
  private @Nullable ScheduledFuture<?> timeout;

  /** What runs when the client has begun to speak; where it does not, the connection is closed. */
  PrefaceWait(Runnable whenBegun) {
    this.whenBegun = whenBegun;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    timeout = context.executor().schedule(() -> close(context), SECONDS, TimeUnit.SECONDS);
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean begun = message instanceof ByteBuf bytes && count(bytes);
    context.fireChannelRead(message);
    if (begun && !context.isRemoved()) {
      whenBegun.run();
      context.pipeline().remove(this);
    }
  }

  /** Whether all of it has come. */
  private boolean count(ByteBuf bytes) {
    int come = bytes.readableBytes();
    for (long at = Math.max(seen, TEXT); at < Math.min(seen + come, END_OF_LENGTH); at++) {
      length = length << 8 | bytes.getUnsignedByte(bytes.readerIndex() + (int) (at - seen));
    }
    seen += come;
    return seen >= TEXT + FRAME_HEAD + length;
  }
}
