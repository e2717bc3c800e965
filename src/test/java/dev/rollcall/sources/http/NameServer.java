package dev.rollcall.sources.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.util.NetUtil;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server on a port of 127.0.0.1, which gives the same addresses for each name, over UDP, or
 * over TCP where they are many. Safe for use by all threads.
 */
final class NameServer implements AutoCloseable {
  /** More do not fit into a datagram. */
  private static final int DATAGRAM = 20;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel udp;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile List<String> addresses;
  private volatile int ttl;
  private volatile DnsResponseCode code = DnsResponseCode.NOERROR;
  private volatile boolean mute;

  NameServer(int ttl, String... addresses) {
    this.ttl = ttl;
    this.addresses = List.of(addresses);
    udp = bind();
  }

  /** One port for both: a free one of TCP, of which programs have many, mostly is one of UDP. */
  private Channel bind() {
    for (int tries = 1; ; tries++) {
      Channel tcp =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .childHandler(new Streams())
              .bind("127.0.0.1", 0)
              .syncUninterruptibly()
              .channel();
      ChannelFuture bound =
          new Bootstrap()
              .group(loop)
              .channel(NioDatagramChannel.class)
              .handler(new Datagrams())
              .bind(tcp.localAddress())
              .awaitUninterruptibly();
      if (bound.isSuccess()) {
        return bound.channel();
      }
      tcp.close().syncUninterruptibly();
      if (tries == 10) {
        throw new IllegalStateException("no port is free for both", bound.cause());
      }
    }
  }

  private int port() {
    return ((InetSocketAddress) udp.localAddress()).getPort();
  }

  /** Has a Vert.x ask this server alone. */
  VertxOptions options() {
    return new VertxOptions()
        .setAddressResolverOptions(
            new AddressResolverOptions()
                .addServer("127.0.0.1:" + port())
                .setSearchDomains(List.of())
                .setQueryTimeout(700));
  }

  /** What is answered from now on. */
  void answer(int ttl, String... addresses) {
    this.ttl = ttl;
    this.addresses = List.of(addresses);
    this.code = DnsResponseCode.NOERROR;
    this.mute = false;
  }

  /** Fails from now on. */
  void fail(DnsResponseCode code) {
    this.code = code;
  }

  /** Says nothing from now on. */
  void mute() {
    this.mute = true;
  }

  /** How often an IPv4 address was asked for. */
  int asked() {
    return asked.get();
  }

  private void fill(DnsQuestion question, DnsResponse response, boolean bounded) {
    response.addRecord(DnsSection.QUESTION, question);
    if (!question.type().equals(DnsRecordType.A)) {
      return;
    }
    response.setCode(code);
    if (!code.equals(DnsResponseCode.NOERROR)) {
      return;
    }
    if (bounded && addresses.size() > DATAGRAM) {
      response.setTruncated(true);
      return;
    }
    for (String address : addresses) {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
      response.addRecord(
          DnsSection.ANSWER,
          new DefaultDnsRawRecord(
              question.name(), DnsRecordType.A, ttl, Unpooled.wrappedBuffer(bytes)));
    }
  }

  private boolean isAnswered(DnsQuestion question) {
    if (question.type().equals(DnsRecordType.A)) {
      asked.incrementAndGet();
    }
    return !mute;
  }

  private final class Datagrams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder())
          .addLast(
              new SimpleChannelInboundHandler<DatagramDnsQuery>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
                  DnsQuestion question = query.recordAt(DnsSection.QUESTION);
                  if (isAnswered(question)) {
                    DatagramDnsResponse response =
                        new DatagramDnsResponse(
                            /* sender= */ query.recipient(),
                            /* recipient= */ query.sender(),
                            query.id());
                    fill(question, response, true);
                    var unused = context.writeAndFlush(response);
                  }
                }
              });
    }
  }

  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder())
          .addLast(
              new SimpleChannelInboundHandler<DefaultDnsQuery>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, DefaultDnsQuery query) {
                  DefaultDnsResponse response =
                      new DefaultDnsResponse(query.id(), DnsOpCode.QUERY, DnsResponseCode.NOERROR);
                  fill(query.recordAt(DnsSection.QUESTION), response, false);
                  var unused = context.writeAndFlush(response);
                }
              });
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
