package dev.rollcall.transport;

import dev.rollcall.base.ClientAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of a port with TLS that have not said yet how they encrypt, or have not
 * begun to speak HTTP/2 then. The server itself hears of a connection, and counts it, only after
 * that.
 *
 * <pre>
 *   accepted ──▶ counted here ── handshake ──▶ HTTP/2: PrefaceWait ──▶ counted by the server
 *                   ├── too many from its address ──▶ closed at once
 *                   └── too many ──▶ the oldest of the address with the most is closed instead,
 *                                    unless this one's has as many
 * </pre>
 *
 * <p>So a few addresses that take all places keep nobody else out. How long a handshake takes at
 * most is the server's to say. Safe for use by all threads.
 */
final class HandshakeLimit extends ChannelInboundHandlerAdapter {

  /** Each takes some 30 KiB. */
  static final int MOST = 2048;

  /**
   * One address has three quarters at most, so that others get in without a look at who has what.
   */
  static final int FROM_ONE_ADDRESS = MOST / 4 * 3;

  private static final String HTTP_2 = "h2";
  private static final String TLS_1_3 = "TLSv1.3";

  private final Refusals refusals = new Refusals(LoggerFactory.getLogger(HandshakeLimit.class));

  /** In the order in which they were accepted; no address without any. */
  private final Map<ClientAddress, Set<Handshake>> byAddress = new HashMap<>();

  private int all;

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    Handshake handshake = new Handshake(this, channel);
    if (!enter(handshake)) {
      refused(channel);
      channel.unsafe().closeForcibly();
      return;
    }
    channel.closeFuture().addListener(closed -> leave(handshake));
    channel.pipeline().addLast(handshake);
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

  private static ClientAddress address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress socket
        ? ClientAddress.of(socket.getAddress().getHostAddress())
        : ClientAddress.of("");
  }

  private synchronized boolean enter(Handshake handshake) {
    int fromThere = byAddress.getOrDefault(handshake.address, Set.of()).size();
    if (fromThere >= FROM_ONE_ADDRESS || (all >= MOST && !makeRoom(fromThere + 1))) {
      return false;
    }
    all++;
    byAddress.computeIfAbsent(handshake.address, none -> new LinkedHashSet<>()).add(handshake);
    return true;
  }

  /** Ends the oldest of the address that has the most, where that is more than {@code fair}. */
  private boolean makeRoom(int fair) {
    Set<Handshake> most =
        byAddress.values().stream().max(Comparator.comparingInt(Set::size)).orElse(Set.of());
    if (most.size() <= fair) {
      return false;
    }
    Handshake oldest = most.iterator().next();
    leave(oldest);
    refused(oldest.channel);
    ChannelFuture unused = oldest.channel.close();
    return true;
  }

  /** Counts one out that may have been counted out before. */
  private synchronized void leave(Handshake handshake) {
    Set<Handshake> there = byAddress.get(handshake.address);
    if (there != null && there.remove(handshake)) {
      all--;
      if (there.isEmpty()) {
        byAddress.remove(handshake.address);
      }
    }
  }

  /** Waits for the first bytes, when the pipeline is complete, and then for the handshake. */
  private static final class Handshake extends ChannelInboundHandlerAdapter {
    private final HandshakeLimit limit;
    private final Channel channel;
    private final ClientAddress address;

    Handshake(HandshakeLimit limit, Channel channel) {
      this.limit = limit;
      this.channel = channel;
      this.address = address(channel);
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
      if (at != null && TLS_1_3.equals(tls.engine().getSession().getProtocol())) {
        EmptyRecords.watch(at, () -> limit.tooManyEmpty(channel));
      }
      if (at != null && HTTP_2.equals(tls.applicationProtocol())) {
        pipeline.addAfter(at.name(), null, new PrefaceWait(this::ended));
      } else {
        ended();
      }
    }

    private void ended() {
      limit.leave(this);
    }
  }
}
