package dev.rollcall.cluster;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A transport that has what comes to the port of the event bus pass by {@link BusFrames} first. The
 * event bus itself offers no place for that, and neither a bound.
 *
 * <p>All else is left to the transport behind it. The port of the event bus is the only one that
 * Vert.x opens for us which does not speak HTTP.
 */
final class BusTransport implements Transport {

  private final Transport chosen;
  private final io.vertx.core.spi.transport.Transport guarding;

  /**
   * @param messageLimit bytes of a message
   */
  BusTransport(Transport chosen, int messageLimit) {
    this.chosen = chosen;
    this.guarding = new Guarding(chosen.implementation(), new BusAcceptor(messageLimit));
  }

  @Override
  public String name() {
    return chosen.name();
  }

  @Override
  public boolean available() {
    return chosen.available();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return chosen.unavailabilityCause();
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return guarding;
  }

  private static final class Guarding implements io.vertx.core.spi.transport.Transport {
    private final io.vertx.core.spi.transport.Transport behind;
    private final BusAcceptor acceptor;

    Guarding(io.vertx.core.spi.transport.Transport behind, BusAcceptor acceptor) {
      this.behind = behind;
      this.acceptor = acceptor;
    }

    @Override
    public void configure(
        NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
      behind.configure(options, domainSocket, bootstrap);
      if (!(options instanceof HttpServerOptions)) {
        bootstrap.handler(acceptor);
      }
    }

    @Override
    public void configure(
        ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
      behind.configure(options, connectTimeout, domainSocket, bootstrap);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
      behind.configure(channel, options);
    }

    @Override
    public boolean supportsDomainSockets() {
      return behind.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
      return behind.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
      return behind.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return behind.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
      return behind.convert(address);
    }

    @Override
    public @Nullable SocketAddress convert(java.net.SocketAddress address) {
      return behind.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return behind.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(
        int type, int threads, ThreadFactory threadFactory, int ioRatio) {
      return behind.eventLoopGroup(type, threads, threadFactory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
      return behind.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation")
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
      return behind.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
      return behind.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
      return behind.serverChannelFactory(domainSocket);
    }
  }
}
