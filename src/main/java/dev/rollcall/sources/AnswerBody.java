package dev.rollcall.sources;

import dev.rollcall.base.Failure;
import dev.rollcall.wire.JsonIntake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.netty.handler.codec.compression.ZlibDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the body of an answer, compressed or not, and stops at the limit of what it unpacks to.
 *
 * <p>The HTTP client could unpack as well. Over HTTP/2 it would log a stack trace for each answer
 * whose compression is malformed, and break off without a reason; and it unpacks a piece to its end
 * where all that is wanted is to know that it is too much.
 */
final class AnswerBody implements AutoCloseable {

  /** So much is unpacked at once: at most a thousand times as much comes of it. */
  private static final int SLICE = 1024;

  private final JsonIntake intake;
  private final @Nullable ZlibDecoder decoder;
  private final @Nullable EmbeddedChannel unpacking;

  /**
   * An empty body of at most so many bytes, unpacked.
   *
   * @param packed whether it comes as gzip
   */
  AnswerBody(int limit, boolean packed) {
    this.intake = new JsonIntake(limit);
    this.decoder = packed ? new JdkZlibDecoder(false, 0) : null;
    this.unpacking = decoder == null ? null : new EmbeddedChannel(decoder);
  }

  /** Takes in a piece; throws a {@link Failure} when it can't be part of an answer. */
  void offer(Buffer piece) {
    if (unpacking == null) {
      intake.offer(piece);
      return;
    }
    for (int start = 0; start < piece.length(); start += SLICE) {
      unpack(unpacking, piece.getBytes(start, Math.min(start + SLICE, piece.length())));
    }
  }

  private void unpack(EmbeddedChannel channel, byte[] slice) {
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(slice));
    } catch (DecoderException e) {
      throw malformed();
    }
    ByteBuf unpacked = channel.readInbound();
    while (unpacked != null) {
      try {
        intake.offer(BufferInternal.buffer(unpacked));
      } finally {
        unpacked.release();
      }
      unpacked = channel.readInbound();
    }
  }

  /** The whole answer; throws a {@link Failure} when it is none. */
  Buffer end() {
    if (decoder != null && !decoder.isClosed()) {
      throw malformed();
    }
    return intake.end();
  }

  private static Failure malformed() {
    return Failure.invalid("", "its compression is malformed");
  }

  /** Gives back what it holds. Does nothing the second time. */
  @Override
  public void close() {
    intake.close();
    if (unpacking != null) {
      try {
        unpacking.finishAndReleaseAll();
      } catch (DecoderException e) {
        // What is malformed is so to its end, and nobody asks any more.
      }
    }
  }
}
