package dev.rollcall.http.connections;

import dev.rollcall.config.HttpSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a connection and not taken by its client, and how fast it is taken.
 *
 * <p>It counts in the pipeline only once the client was behind, which most never are. Belongs to
 * the event loop of the connection.
 */
final class UnreadBytes {

  /** Counts what is written. */
  private static final class Counter extends ChannelOutboundHandlerAdapter {

    private long written;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (message instanceof ByteBuf bytes) {
        written += bytes.readableBytes();
      }
      // Whoever writes hears of it by the promise.
      ChannelFuture unused = ctx.write(message, promise);
    }
  }

  private final Channel channel;
  private final RateDeadline reading;
  private @Nullable Counter counter;
  private boolean behind;
  private long taken;

  /** On a channel, where the client has as much time as it may idle at first. */
  static UnreadBytes of(Channel channel, HttpSettings settings) {
    return new UnreadBytes(channel, RateDeadline.ofReader(settings));
  }

  /**
   * @param reading by when a client that is behind must have taken some, begun by this
   */
  private UnreadBytes(Channel channel, RateDeadline reading) {
    this.channel = channel;
    this.reading = reading;
  }

  /**
   * Looks whether the client is behind, and whether it takes what there is for it at less than the
   * least rate.
   */
  boolean areTakenTooSlowly(long now) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (waiting == 0) {
      behind = false;
      return false;
    }
    if (counter == null) {
      counter = new Counter();
      channel.pipeline().addFirst(counter);
    }
    long sent = counter.written - waiting;
    if (behind) {
      reading.pass(sent - taken, now);
    } else {
      behind = true;
      reading.begin(now);
    }
    taken = sent;
    return now - reading.at() >= 0;
  }

  /** Whether something waited for the client when that was looked at last. */
  boolean areThere() {
    return behind;
  }
}
