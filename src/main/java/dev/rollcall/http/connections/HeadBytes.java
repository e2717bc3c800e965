package dev.rollcall.http.connections;

import dev.rollcall.budgets.AddressShare;
import dev.rollcall.budgets.InboundShare;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * What the head of a request that has begun holds of the budget for what is in memory.
 *
 * <p>Vert.x reports a head only when it is whole. A head of many short fields takes {@link
 * #HEAD_COST} times its bytes of memory, while its client sends it and until its request is
 * answered. Belongs to the event loop of its connection.
 */
final class HeadBytes {

  /** Heads of so many bytes do not count. */
  private static final int FREE = 1024;

  /** A field such as {@code a:} takes four bytes, and becomes objects of about a hundred. */
  private static final int HEAD_COST = 24;

  private static final ByteBuf HEAD_END =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.US_ASCII).asReadOnly());

  private final InboundShare held;
  private boolean awaited = true;
  private int size;

  /**
   * @param share that of the client's address
   */
  HeadBytes(HttpLimits limits, AddressShare share) {
    this.held = limits.inbound(share, 0);
  }

  /** Counts what was read, as far as it is part of a head; false where there is no room for it. */
  boolean receive(ByteBuf read) {
    if (!awaited) {
      return true;
    }
    int bytes = read.readableBytes();
    if (size + bytes <= FREE) {
      size += bytes;
      return true;
    }
    int end = ByteBufUtil.indexOf(HEAD_END, read);
    size += end < 0 ? bytes : end - read.readerIndex();
    return size <= FREE || held.hold((long) size * HEAD_COST);
  }

  /** The head has been read, and stays in memory with its request. */
  void end() {
    awaited = false;
  }

  /** The head of the next request is awaited. */
  void await() {
    awaited = true;
  }

  /** The requests that there were have ended, and what their heads took is free again. */
  void forget() {
    size = 0;
    held.hold(0);
  }
}
