package dev.rollcall.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what a client over TLS 1.3 may send that carries no data, such as updates of keys: each is
 * 27 bytes, makes new keys here and has an answer, so that one connection could keep a processor
 * busy and pile up answers that it does not read. Nothing counts such records, and from outside
 * they look like any others; but a record of data takes at most {@link #BYTES_FOR_ONE} bytes for
 * each byte of it. So what goes in and what comes out is compared, before and behind what decrypts.
 * Belongs to one connection.
 */
final class EmptyRecords {

  /** A record with one byte has 23. */
  static final int BYTES_FOR_ONE = 32;

  /** So many bytes at once may carry nothing; one record has some 16 KiB, which come in pieces. */
  static final int BURST = 64 * 1024;

  /** And so many in a second. */
  static final int PER_SECOND = 16 * 1024;

  private final Runnable whenTooMany;

  /** Bytes that nothing has come of yet. */
  private long empty;

  private long countedAt = System.nanoTime();

  private EmptyRecords(Runnable whenTooMany) {
    this.whenTooMany = whenTooMany;
  }

  /**
   * Watches a connection from now on.
   *
   * @param tls what decrypts
   * @param whenTooMany runs before the connection is closed
   */
  static void watch(ChannelHandlerContext tls, Runnable whenTooMany) {
    EmptyRecords records = new EmptyRecords(whenTooMany);
    tls.pipeline().addBefore(tls.name(), null, records.new Encrypted());
    tls.pipeline().addAfter(tls.name(), null, records.new Decrypted());
  }

  /** Whether more is empty than may be by now. */
  private boolean isTooMuch(long now) {
    empty -= (long) ((now - countedAt) * (double) PER_SECOND / TimeUnit.SECONDS.toNanos(1));
    countedAt = now;
    return empty > BURST;
  }

  private final class Encrypted extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes) {
        empty += bytes.readableBytes();
      }
      context.fireChannelRead(message);
      // The clock is looked at only where it matters.
      if (empty > BURST && isTooMuch(System.nanoTime())) {
        whenTooMany.run();
        // Without a word of TLS, for which an answer would be waited.
        ChannelFuture unused = context.close();
      }
    }
  }

  private final class Decrypted extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes) {
        empty = Math.max(0, empty - (long) BYTES_FOR_ONE * bytes.readableBytes());
      }
      context.fireChannelRead(message);
    }
  }
}
