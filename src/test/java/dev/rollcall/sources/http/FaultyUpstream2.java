package dev.rollcall.sources.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** As {@link FaultyUpstream}, over HTTP/2 without TLS. */
public final class FaultyUpstream2 implements AutoCloseable {

  /** What it does instead of a plain answer. */
  public enum Fault {
    PLAIN,
    INTERIM_AT_ONCE,
    INTERIM_LATE,
    INTERIM_WITHOUT_END,
    INTERIM_ALONE,
    SWITCHING,
    REFUSED_STATUS,
    REFUSED_TYPE,
    TOO_LARGE,
    LATE,
    RESET,
    RESET_IN_BODY,
    REFUSED_STREAM,
    CONNECTION_CLOSED
  }

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<Fault, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder questions = new LongAdder();
  private final Random random = new Random(0);
  private final Supplier<Fault> faults;
  private final Channel server;

  /** One with faults of all kinds. */
  public static FaultyUpstream2 seeded(long seed) {
    Random random = new Random(seed);
    return new FaultyUpstream2(() -> pick(random));
  }

  /** One that is told what to do with each question. */
  public FaultyUpstream2(Supplier<Fault> faults) {
    this.faults = faults;
    server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(Http2FrameCodecBuilder.forServer().build())
                        .addLast(new Http2MultiplexHandler(new Streams()));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  public String url() {
    return "http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/q/{id}";
  }

  public long questions() {
    return questions.sum();
  }

  public Map<Fault, LongAdder> counts() {
    return counts;
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static Fault pick(Random random) {
    if (random.nextInt(10) < 6) {
      return Fault.PLAIN;
    }
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    boolean rare = fault == Fault.LATE || fault == Fault.CONNECTION_CLOSED;
    return rare && random.nextInt(10) > 0 ? Fault.PLAIN : fault;
  }

  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Stream());
    }
  }

  private final class Stream extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) throws Exception {
      if (frame instanceof Http2HeadersFrame headers) {
        questions.increment();
        Fault fault = faults.get();
        counts.computeIfAbsent(fault, none -> new LongAdder()).increment();
        answer(ctx, fault, Long.parseLong(headers.headers().path().toString().substring(3)));
      } else {
        super.channelRead(ctx, frame);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ChannelFuture unused = ctx.close();
    }

    private void later(ChannelHandlerContext ctx, int millis, Runnable action) {
      Future<?> unused =
          ctx.executor().schedule(action, 1L + random.nextInt(millis), TimeUnit.MILLISECONDS);
    }

    private void answer(ChannelHandlerContext ctx, Fault fault, long id) {
      switch (fault) {
        case PLAIN -> ok(ctx, id);
        case INTERIM_AT_ONCE -> {
          for (int status : new int[] {100, 102, 103, 199}) {
            head(ctx, status, false);
          }
          ok(ctx, id);
        }
        case INTERIM_LATE -> {
          head(ctx, 102 + random.nextInt(98), false);
          later(ctx, 5, () -> ok(ctx, id));
        }
        case INTERIM_WITHOUT_END -> {
          for (int i = 0; i < 300; i++) {
            head(ctx, 102, false);
          }
          ok(ctx, -id);
        }
        case INTERIM_ALONE -> head(ctx, 102, true);
        case SWITCHING -> {
          head(ctx, 101, false);
          ok(ctx, -id);
        }
        case REFUSED_STATUS -> whole(ctx, 400 + random.nextInt(200), "application/json", -id, 0);
        case REFUSED_TYPE -> whole(ctx, 200, "text/html", -id, 0);
        case TOO_LARGE -> whole(ctx, 200, "application/json", -id, 3000);
        case LATE -> later(ctx, 150, () -> ok(ctx, id));
        case RESET -> reset(ctx, Http2Error.INTERNAL_ERROR);
        case REFUSED_STREAM -> reset(ctx, Http2Error.REFUSED_STREAM);
        case RESET_IN_BODY -> {
          head(ctx, 200, false);
          reset(ctx, Http2Error.INTERNAL_ERROR);
        }
        case CONNECTION_CLOSED -> {
          ChannelFuture unused = ctx.channel().parent().close();
        }
      }
    }

    private void say(ChannelHandlerContext ctx, Object frame) {
      ChannelFuture unused = ctx.writeAndFlush(frame);
    }

    private void reset(ChannelHandlerContext ctx, Http2Error error) {
      say(ctx, new DefaultHttp2ResetFrame(error));
    }

    private void head(ChannelHandlerContext ctx, int status, boolean end) {
      Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(status));
      headers.set("content-type", "application/json");
      say(ctx, new DefaultHttp2HeadersFrame(headers, end));
    }

    private void ok(ChannelHandlerContext ctx, long id) {
      whole(ctx, 200, "application/json", id, 0);
    }

    private void whole(ChannelHandlerContext ctx, int status, String type, long id, int filler) {
      Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(status));
      headers.set("content-type", type);
      say(ctx, new DefaultHttp2HeadersFrame(headers, false));
      String body = AnswerFault.json(id) + " ".repeat(filler);
      say(
          ctx,
          new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII), true));
    }
  }
}
