package dev.rollcall.transport;

import dev.rollcall.base.ClientAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of a port with TLS that have not said yet how they encrypt, or have not
 * begun to speak HTTP/2 then. The server itself hears of a connection, and counts it, only after
 * that.
 *
 * <pre>
 *   accepted ──▶ counted here ── handshake ──▶ HTTP/2: PrefaceWait ──▶ counted by the server
 *                   └── too many, also from one address ──▶ closed at once
 * </pre>
 *
 * <p>How long a handshake takes at most is the server's to say. Safe for use by all threads.
 */
final class HandshakeLimit extends ChannelInboundHandlerAdapter {

  /** Each takes some 30 KiB. */
  private static final int MOST = 2048;

  /** One address has three quarters at most, so that others get in. */
  private static final int FROM_ONE_ADDRESS = MOST / 4 * 3;

  private static final String HTTP_2 = "h2";

  private final Refusals refusals = new Refusals(LoggerFactory.getLogger(HandshakeLimit.class));
  private final Map<ClientAddress, Integer> byAddress = new HashMap<>();
  private int all;

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    ClientAddress address = address(channel);
    if (!enter(address)) {
      refusals.log(
          "a connection is refused", channel.remoteAddress(), "too many have not begun to encrypt");
      channel.unsafe().closeForcibly();
      return;
    }
    Handshake handshake = new Handshake(this, address);
    channel.closeFuture().addListener(closed -> handshake.ended());
    channel.pipeline().addLast(handshake);
    context.fireChannelRead(channel);
  }

  private static ClientAddress address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress socket
        ? ClientAddress.of(socket.getAddress().getHostAddress())
        : ClientAddress.of("");
  }

  private synchronized boolean enter(ClientAddress address) {
    int fromThere = byAddress.getOrDefault(address, 0);
    if (all >= MOST || fromThere >= FROM_ONE_ADDRESS) {
      return false;
    }
    all++;
    byAddress.put(address, fromThere + 1);
    return true;
  }

  private synchronized void leave(ClientAddress address) {
    all--;
    byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
  }

  /** Waits for the first bytes, when the pipeline is complete, and then for the handshake. */
  private static final class Handshake extends ChannelInboundHandlerAdapter {
    private final HandshakeLimit limit;
    private final ClientAddress address;
    private boolean ended;

    Handshake(HandshakeLimit limit, ClientAddress address) {
      this.limit = limit;
      this.address = address;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        tls.handshakeFuture().addListener(done -> encrypted(context.pipeline(), tls));
      }
      context.fireChannelRead(bytes);
      context.pipeline().remove(this);
    }

    private void encrypted(ChannelPipeline pipeline, SslHandler tls) {
      ChannelHandlerContext at = pipeline.context(tls);
      if (at != null && HTTP_2.equals(tls.applicationProtocol())) {
        pipeline.addAfter(at.name(), null, new PrefaceWait(this::ended));
      } else {
        ended();
      }
    }

    synchronized void ended() {
      if (!ended) {
        ended = true;
        limit.leave(address);
      }
    }
  }
}
