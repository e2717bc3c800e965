package dev.rollcall.sources.http;

import dev.rollcall.base.Failure;
import dev.rollcall.wire.JsonIntake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.JdkZlibDecoder;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;

/** Unpacks one member of a gzip file (RFC 1952) and finds its end. Must be closed. */
final class GzipMember implements AutoCloseable {
  private static final byte[] NOTHING = {};

  /** Keeps what stands behind the member, which Netty's decoder drops. */
  private static final class Decoder extends JdkZlibDecoder {
    private byte[] rest = NOTHING;

    Decoder() {
      super(false, 0);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
        throws Exception {
      if (isClosed()) {
        rest = new byte[in.readableBytes()];
        in.readBytes(rest);
      } else {
        super.decode(ctx, in, out);
      }
    }
  }

  private final Decoder decoder = new Decoder();
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

  /** Whether its last byte was unpacked. */
  boolean isEnded() {
    return decoder.isClosed();
  }

  /**
   * Unpacks a piece.
   *
   * @return what stands behind the member in the piece; none as long as it has not ended
   */
  byte[] unpack(byte[] piece, JsonIntake to) {
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(piece));
    } catch (DecoderException e) {
      throw malformed();
    }
    ByteBuf unpacked = channel.readInbound();
    while (unpacked != null) {
      try {
        to.offer(BufferInternal.buffer(unpacked));
      } finally {
        unpacked.release();
      }
      unpacked = channel.readInbound();
    }
    return decoder.rest;
  }

  static Failure malformed() {
    return Failure.invalid("", "its compression is malformed");
  }

  @Override
  public void close() {
    try {
      channel.finishAndReleaseAll();
    } catch (DecoderException e) {
      // It was malformed, which was reported before.
    }
  }
}
