package dev.rollcall.cluster;

import dev.rollcall.cluster.ConnectionLimit.Place;
import dev.rollcall.transport.Refusals;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.LoggerFactory;

/**
 * Accepts the connections of other nodes' event buses, up to a limit, and places {@link BusFrames}
 * before the event bus' own handlers, behind TLS where there is TLS.
 */
@Sharable
final class BusAcceptor extends ChannelInboundHandlerAdapter {

  private final Refusals refusals = new Refusals(LoggerFactory.getLogger(BusAcceptor.class));

  private final int messageLimit;
  private final ByteBudget unfinished;
  private final ConnectionLimit connections = new ConnectionLimit();

  BusAcceptor(int messageLimit) {
    this.messageLimit = messageLimit;
    this.unfinished = ByteBudget.forMessagesOf(messageLimit);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    Place place = connections.enter(() -> close(channel));
    if (place == null) {
      refusals.log(
          "a connection to the event bus is refused",
          channel.remoteAddress(),
          "there are too many");
      channel.unsafe().closeForcibly();
      return;
    }
    channel.closeFuture().addListener(closed -> place.left());
    channel
        .pipeline()
        .addLast(new Opening(new BusFrames(messageLimit, unfinished, place, refusals)));
    context.fireChannelRead(channel);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private static void close(Channel channel) {
    channel.close();
  }

  /** Waits for the first bytes, when it is known whether the pipeline has TLS. */
  private static final class Opening extends ChannelInboundHandlerAdapter {
    private final BusFrames frames;

    Opening(BusFrames frames) {
      this.frames = frames;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
      ChannelHandlerContext before = tls == null ? context : tls;
      try {
        context.pipeline().addAfter(before.name(), null, frames);
      } catch (RuntimeException e) {
        ReferenceCountUtil.release(bytes);
        throw e;
      }
      context.fireChannelRead(bytes);
      context.pipeline().remove(this);
    }
  }
}
