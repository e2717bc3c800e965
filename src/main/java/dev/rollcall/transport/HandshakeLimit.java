package dev.rollcall.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of a port with TLS that have not said yet how they encrypt, or have not
 * begun to speak HTTP/2 then. The server itself hears of a connection, and counts it, only after
 * that.
 *
 * <pre>
 *   accepted ──▶ counted here ── handshake ──▶ HTTP/2: PrefaceWait ──▶ counted by the server
 *                   └── no place ({@link FairPlaces}) ──▶ closed at once
 * </pre>
 *
 * <p>How long a handshake takes at most is the server's to say. Safe for use by all threads.
 */
final class HandshakeLimit extends ChannelInboundHandlerAdapter {

  /** Each takes some 30 KiB. */
  static final int MOST = 2048;

  private static final String HTTP_2 = "h2";
  private static final String TLS_1_3 = "TLSv1.3";

  private final Refusals refusals = new Refusals(LoggerFactory.getLogger(HandshakeLimit.class));
  private final FairPlaces places = new FairPlaces(MOST);

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    Place place = new Place(channel);
    if (!places.enter(place)) {
      refused(channel);
      channel.unsafe().closeForcibly();
      return;
    }
    channel.closeFuture().addListener(closed -> places.leave(place));
    channel.pipeline().addLast(new Handshake(place));
    context.fireChannelRead(channel);
  }

  private void refused(Channel channel) {
    refusals.log(
        "a connection is refused", channel.remoteAddress(), "too many have not begun to encrypt");
  }

  private void tooManyEmpty(Channel channel) {
    refusals.log(
        "a connection is ended", channel.remoteAddress(), "too much that it sends carries no data");
  }

  /** That of a connection until it has begun to speak. */
  private final class Place extends FairPlaces.Holder {
    private final Channel channel;

    Place(Channel channel) {
      super(channel);
      this.channel = channel;
    }

    @Override
    void displaced() {
      refused(channel);
      ChannelFuture unused = channel.close();
    }
  }

  /** Waits for the first bytes, when the pipeline is complete, and then for the handshake. */
  private final class Handshake extends ChannelInboundHandlerAdapter {
    private final Place place;

    Handshake(Place place) {
      this.place = place;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        PartialInputLimit.watch(context.pipeline(), tls);
        tls.handshakeFuture().addListener(done -> encrypted(context.pipeline(), tls));
      }
      context.fireChannelRead(bytes);
      context.pipeline().remove(this);
    }

    private void encrypted(ChannelPipeline pipeline, SslHandler tls) {
      ChannelHandlerContext at = pipeline.context(tls);
      if (at != null && TLS_1_3.equals(tls.engine().getSession().getProtocol())) {
        EmptyRecords.watch(at, () -> tooManyEmpty(place.channel));
      }
      if (at != null && HTTP_2.equals(tls.applicationProtocol())) {
        pipeline.addAfter(at.name(), null, new PrefaceWait(this::ended));
      } else {
        ended();
      }
    }

    private void ended() {
      places.leave(place);
    }
  }
}
