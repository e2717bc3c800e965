package dev.rollcall.cluster;

import dev.rollcall.cluster.ConnectionLimit.Place;
import dev.rollcall.transport.Refusals;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes on whole messages of the event bus that its decoder can read, and ends a connection on
 * which anything else comes: the decoder allocates whatever length a message claims.
 *
 * <pre>
 *   length 4 B, {@link BusFrame} ──▶ as it came ──▶ the event bus
 * </pre>
 *
 * <p>Belongs to the connection's event loop.
 */
final class BusFrames extends ByteToMessageDecoder {

  private static final int LENGTH = Integer.BYTES;
  private static final long TURN_SECONDS = 10;

  /** The largest message takes less, on a slow line. */
  private static final long SLOWEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Nodes of ours ping each second, those with Vert.x' default each 20 s. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final int limit;
  private final ByteBudget budget;
  private final Place place;
  private final Refusals refusals;

  /** Bytes of an unfinished message, as the budget counts them. */
  private int held;

  private boolean unfinished;
  private long beganAt;
  private long readAt = System.nanoTime();
  private boolean refused;
  private @Nullable Future<?> turns;

  /**
   * The check of one connection.
   *
   * @param limit of the bytes of a message
   * @param budget of all connections
   */
  BusFrames(int limit, ByteBudget budget, Place place, Refusals refusals) {
    this.limit = limit;
    this.budget = budget;
    this.place = place;
    this.refusals = refusals;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    turns =
        context
            .executor()
            .scheduleAtFixedRate(() -> look(context), TURN_SECONDS, TURN_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    if (turns != null) {
      turns.cancel(false);
    }
    budget.give(held);
    held = 0;
  }

  /** Ends a connection that has stopped in the middle of a message, or is silent. */
  private void look(ChannelHandlerContext context) {
    long now = System.nanoTime();
    if (unfinished && now - beganAt > SLOWEST_NANOS) {
      refuse(context, "a message did not come to its end");
    } else if (now - readAt > SILENCE_NANOS) {
      refuse(
          context, "nothing was heard for " + TimeUnit.NANOSECONDS.toSeconds(now - readAt) + " s");
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    readAt = System.nanoTime();
    int at = in.readerIndex();
    int end = in.writerIndex();
    boolean whole = false;
    while (end - at >= LENGTH) {
      int length = in.getInt(at);
      if (length < BusFrame.LEAST || length > limit) {
        refuse(
            context,
            in,
            "a message of " + length + " bytes, where cluster.messageLimit is " + limit);
        return;
      }
      if (end - at - LENGTH < length) {
        break;
      }
      int next = at + LENGTH + length;
      switch (BusFrame.judge(in, at + LENGTH, next)) {
        case READABLE -> {}
        case FOREIGN -> {
          handOn(in, at, out);
          in.readerIndex(next);
          refusals.log(
              "a message is discarded",
              context.channel().remoteAddress(),
              "it is of a codec that this node does not have");
        }
        case MALFORMED -> {
          refuse(context, in, "this is no message of Vert.x' event bus");
          return;
        }
      }
      whole = true;
      at = next;
    }
    handOn(in, at, out);
    if (whole) {
      place.proven();
    }
    hold(context, in, whole);
  }

  /** Passes on all messages up to an index, in one piece. */
  private static void handOn(ByteBuf in, int upTo, List<Object> out) {
    if (upTo > in.readerIndex()) {
      out.add(in.readRetainedSlice(upTo - in.readerIndex()));
    }
  }

  private void hold(ChannelHandlerContext context, ByteBuf in, boolean anew) {
    int left = in.readableBytes();
    if (left > held && !budget.take(left - held)) {
      refuse(context, in, "too many messages have not come to their ends");
      return;
    }
    if (left < held) {
      budget.give(held - left);
    }
    held = left;
    if (left > 0 && (anew || !unfinished)) {
      beganAt = readAt;
    }
    unfinished = left > 0;
  }

  private void refuse(ChannelHandlerContext context, ByteBuf in, String reason) {
    in.skipBytes(in.readableBytes());
    refuse(context, reason);
  }

  /** Whether closing succeeds makes no difference: nothing more is read. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void refuse(ChannelHandlerContext context, String reason) {
    refused = true;
    refusals.log(
        "a connection to the event bus is ended", context.channel().remoteAddress(), reason);
    context.close();
  }
}
