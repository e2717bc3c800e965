package dev.rollcall.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Bounds what the connections of a port keep in memory of what has come in part: heads of requests,
 * frames of HTTP/2 and of web sockets, records of TLS.
 *
 * <p>A byte of a head may keep all that was read with it, in direct memory, for which event loops
 * wait where it runs out. So there are places ({@link FairPlaces}) for those that keep much, and a
 * connection without one is closed. Safe for use by all threads.
 */
public final class PartialInputLimit extends ChannelInboundHandlerAdapter {

  /** A connection that keeps so many bytes of memory needs no place. */
  static final int FREE = 4096;

  private static final int LEAST_READ = 64;
  private static final int FIRST_READ = 2048;

  /** At most so many bytes are read at once, and a decoder may keep twice as many. */
  static final int READ_AT_ONCE = 16 * 1024;

  /** A record of TLS and a frame of HTTP/2. */
  private static final int MOST_OF_ONE = 2 * 2 * READ_AT_ONCE;

  private static final int LEAST_PLACES = 64;
  private static final int MOST_PLACES = 1_000_000;

  private final Refusals refusals = new Refusals(LoggerFactory.getLogger(PartialInputLimit.class));
  private final FairPlaces places;

  /** Has places for a quarter of the direct memory. */
  PartialInputLimit() {
    this((int) Math.min(MOST_PLACES, Math.max(LEAST_PLACES, roomFor())));
  }

  PartialInputLimit(int most) {
    this.places = new FairPlaces(most);
  }

  private static long roomFor() {
    return PlatformDependent.maxDirectMemory() / 4 / MOST_OF_ONE;
  }

  /** How much is read at once: as much as came the times before, at most what this counts with. */
  static RecvByteBufAllocator reads() {
    return new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, READ_AT_ONCE);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    channel.pipeline().addLast(new ConnectionInput(channel));
    context.fireChannelRead(channel);
  }

  /**
   * Counts what a decoder keeps from now on, where this bounds its connection; to be called on the
   * connection's event loop.
   */
  public static void watch(ChannelPipeline pipeline, ByteToMessageDecoder decoder) {
    if (pipeline.get(ConnectionInput.class) != null) {
      watch(pipeline, decoder, UndecodedBytes.of(decoder));
    }
  }

  /** Does so with what the decoder keeps, which whoever calls this looks at after each read too. */
  public static void watch(
      ChannelPipeline pipeline, ByteToMessageDecoder decoder, UndecodedBytes undecoded) {
    ConnectionInput input = pipeline.get(ConnectionInput.class);
    if (input != null) {
      input.decoders.add(new Decoder(pipeline.context(decoder), undecoded));
    }
  }

  private record Decoder(ChannelHandlerContext place, UndecodedBytes undecoded) {}

  /** What one connection keeps; before its decoders. */
  private final class ConnectionInput extends ChannelInboundHandlerAdapter {
    private final FairPlaces.Holder place;
    private final List<Decoder> decoders = new ArrayList<>(2);
    private boolean placed;

    ConnectionInput(Channel channel) {
      place =
          new FairPlaces.Holder(channel) {
            @Override
            void displaced() {
              end(channel);
            }
          };
      channel.closeFuture().addListener(closed -> places.leave(place));
    }

    private void end(Channel channel) {
      refusals.log(
          "a connection is ended",
          channel.remoteAddress(),
          "too many have sent a part of something");
      ChannelHandlerContext at = channel.pipeline().context(this);
      if (at != null) {
        // Without a word of TLS, which the client may be slow to take.
        ChannelFuture unused = at.close();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
      context.fireChannelRead(read);
      boolean needed = memory() > FREE;
      if (needed != placed) {
        change(context.channel(), needed);
      }
    }

    private void change(Channel channel, boolean needed) {
      placed = needed;
      if (!needed) {
        places.leave(place);
      } else if (channel.isOpen() && !places.enter(place)) {
        end(channel);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      context.fireChannelInactive();
      memory();
    }

    private int memory() {
      int memory = 0;
      for (int i = decoders.size() - 1; i >= 0; i--) {
        Decoder decoder = decoders.get(i);
        decoder.undecoded.look();
        if (decoder.place.isRemoved()) {
          decoders.remove(i);
        } else {
          memory += decoder.undecoded.memory();
        }
      }
      return memory;
    }
  }
}
