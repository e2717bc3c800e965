package dev.rollcall.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses a server that can't accept, as when there are no file descriptors left. Clients wait in
 * the kernel's queue meanwhile.
 *
 * <p>The pause doubles from 50 ms to a second for as long as accepting fails. The log tells that it
 * fails, and that it works again once nothing failed for ten seconds: two lines in ten seconds at
 * most. Belongs to the event loop that accepts.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);

  private static final long SHORTEST = 50;
  private static final long LONGEST = 1_000;

  /** How long nothing must fail until accepting is said to work again, in milliseconds. */
  private static final long QUIET = 10_000;

  private long pause = SHORTEST;
  private long failures;
  private boolean failing;

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException) || !ctx.channel().isOpen()) {
      ctx.fireExceptionCaught(cause);
      return;
    }
    failures++;
    if (!failing) {
      failing = true;
      LOG.warn(
          "can't accept connections at {}, trying again: {}",
          ctx.channel().localAddress(),
          cause.getMessage());
      lookAgain(ctx);
    }
    if (ctx.channel().config().isAutoRead()) {
      ctx.channel().config().setAutoRead(false);
      later(ctx, () -> ctx.channel().config().setAutoRead(true), pause);
      pause = Math.min(LONGEST, 2 * pause);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object accepted) {
    pause = SHORTEST;
    ctx.fireChannelRead(accepted);
  }

  private void lookAgain(ChannelHandlerContext ctx) {
    long before = failures;
    later(
        ctx,
        () -> {
          if (failures != before) {
            lookAgain(ctx);
          } else {
            failing = false;
            LOG.info("accepting connections at {} again", ctx.channel().localAddress());
          }
        },
        QUIET);
  }

  private static void later(ChannelHandlerContext ctx, Runnable action, long millis) {
    ScheduledFuture<?> unused =
        ctx.channel()
            .eventLoop()
            .schedule(
                () -> {
                  if (ctx.channel().isOpen()) {
                    action.run();
                  }
                },
                millis,
                TimeUnit.MILLISECONDS);
  }
}
