package dev.rollcall.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
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
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose servers pause when they can't accept ({@link AcceptPause}), whose ports with
 * TLS bound handshakes ({@link HandshakeLimit}), whose ports of HTTP bound what has come in part
 * ({@link PartialInputLimit}), and whose port of the event bus checks what comes. Vert.x itself
 * offers no place for any of it.
 *
 * <p>All else is left to the transport behind it. The event bus' port is the only one here that
 * does not speak HTTP, by which it is known.
 */
public final class AcceptingTransport implements Transport {

  private final Transport transport;
  private final @Nullable ChannelHandler bus;

  private AcceptingTransport(Transport transport, @Nullable ChannelHandler bus) {
    this.transport = transport;
    this.bus = bus;
  }

  /**
   * The same transport, with such servers.
   *
   * @param bus sharable; sees what the port of the event bus accepts. Null where there is none
   */
  public static io.vertx.core.transport.Transport over(
      io.vertx.core.transport.Transport chosen, @Nullable ChannelHandler bus) {
    Transport implementation = new AcceptingTransport(chosen.implementation(), bus);
    return new io.vertx.core.transport.Transport() {
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
      public Transport implementation() {
        return implementation;
      }
    };
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    transport.configure(options, domainSocket, bootstrap);
    boolean http = options instanceof HttpServerOptions;
    if (http) {
      bootstrap.childOption(ChannelOption.RECVBUF_ALLOCATOR, PartialInputLimit.reads());
    }
    ChannelHandler acceptor = http ? null : bus;
    bootstrap.handler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel server) {
            server.pipeline().addLast(new AcceptPause());
            if (http && options.isSsl()) {
              server.pipeline().addLast(new HandshakeLimit());
            }
            if (http) {
              server.pipeline().addLast(new PartialInputLimit());
            }
            if (acceptor != null) {
              server.pipeline().addLast(acceptor);
            }
          }
        });
  }

  @Override
  public boolean supportsDomainSockets() {
    return transport.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return transport.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return transport.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return transport.unavailabilityCause();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public @Nullable SocketAddress convert(java.net.SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return transport.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
    return transport.eventLoopGroup(type, threads, factory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return transport.datagramChannel();
  }

  // The type is that of Vert.x' own interface.
  @SuppressWarnings("deprecation")
  @Override
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return transport.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return transport.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return transport.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    transport.configure(channel, options);
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
    transport.configure(options, connectTimeout, domainSocket, bootstrap);
  }
}
