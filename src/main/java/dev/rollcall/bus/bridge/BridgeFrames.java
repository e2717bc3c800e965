package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks the frames of one socket before Vert.x sees them: neither Vert.x nor vertx-web bounds
 * their number, or pongs that nobody reads, or closes a socket with a reason.
 *
 * <p>A client that sends too fast is not refused: reading pauses, so that TCP slows it down and
 * nothing is lost. Belongs to the socket's event loop.
 */
final class BridgeFrames extends ChannelInboundHandlerAdapter {

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private @Nullable ChannelHandlerContext context;
  private final BridgeLimits limits;
  private final Consumer<CloseReason> cut;
  private final BridgeMessages messages;
  private final PartialFrames partial;
  private final ClientSilence silence;
  private final int rate;

  /** How many more messages may come now; below zero when too many came. */
  private double allowance;

  private long countedAt = System.nanoTime();

  /** Why nothing is read now. */
  private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);

  private boolean over;

  private BridgeFrames(
      boolean sockJs, BridgeLimits limits, ClientAddress client, Consumer<CloseReason> cut) {
    this.limits = limits;
    this.cut = cut;
    this.messages = new BridgeMessages(sockJs, limits.settings().limits().messageLimit());
    this.partial = new PartialFrames(limits, client, messages, this);
    this.silence = new ClientSilence(limits.settings());
    this.rate = limits.settings().limits().rate();
    this.allowance = rate;
  }

  /**
   * Checks the frames of a connection that has just become a WebSocket.
   *
   * @param sockJs whether messages are wrapped in SockJS' arrays
   * @param client the address of the other end
   * @param cut called when the socket is to be closed
   */
  static BridgeFrames watch(
      ChannelPipeline pipeline,
      boolean sockJs,
      BridgeLimits limits,
      ClientAddress client,
      Consumer<CloseReason> cut) {
    BridgeFrames frames = new BridgeFrames(sockJs, limits, client, cut);
    frames.partial.join(pipeline);
    // The last handler is Vert.x' own.
    pipeline.addBefore(pipeline.lastContext().name(), "bridge", frames);
    return frames;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    messages.release();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    silence.end();
    if (!pauses.isEmpty() && ctx.channel().config().isAutoRead()) {
      // Vert.x reads on once it has handed on what it had kept.
      readOrNot(ctx);
    }
    if ((over && !(read instanceof CloseWebSocketFrame))
        || (read instanceof PingWebSocketFrame && !ctx.channel().isWritable())) {
      // The client would not read the pong either.
      ReferenceCountUtil.release(read);
      spend(ctx, 1);
    } else if (read instanceof TextWebSocketFrame
        || read instanceof BinaryWebSocketFrame
        || read instanceof ContinuationWebSocketFrame) {
      readData(ctx, (WebSocketFrame) read);
    } else {
      spend(ctx, 1);
      ctx.fireChannelRead(read);
    }
  }

  private void readData(ChannelHandlerContext ctx, WebSocketFrame frame) {
    WebSocketFrame whole;
    try {
      whole = messages.whole(frame);
    } catch (BridgeMessages.TooLong e) {
      cut(CloseReason.TOO_LARGE);
      return;
    }
    if (whole == null) {
      spend(ctx, 1);
      return;
    }
    boolean text = BridgeMessages.isText(whole);
    int count = text ? messages.count(whole) : 0;
    if (count < 0 || !text) {
      whole.release();
      cut(text ? CloseReason.MALFORMED : CloseReason.NO_TEXT);
      return;
    }
    spend(ctx, Math.max(1, count));
    partial.whole();
    ctx.fireChannelRead(whole);
  }

  private void spend(ChannelHandlerContext ctx, int count) {
    long now = System.nanoTime();
    allowance = Math.min(rate, allowance + (now - countedAt) / SECOND * rate) - count;
    countedAt = now;
    if (allowance < 0 && pauses.add(Pause.RATE)) {
      limits.slowedDown();
      readOrNot(ctx);
      long nanos = (long) Math.ceil(-allowance / rate * SECOND);
      ScheduledFuture<?> unused =
          ctx.executor().schedule(() -> goOn(ctx), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void goOn(ChannelHandlerContext ctx) {
    pauses.remove(Pause.RATE);
    silence.end();
    readOrNot(ctx);
  }

  /** Reads no further for this reason, or goes on where there is no other. */
  void pause(Pause why, boolean on) {
    if (context != null && !over && (on ? pauses.add(why) : pauses.remove(why))) {
      taken();
      readOrNot(context);
    }
  }

  boolean isPaused() {
    return !pauses.isEmpty();
  }

  /** The client has taken something, which shows that it is there while nothing is read. */
  void taken() {
    silence.end();
  }

  private void readOrNot(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(pauses.isEmpty());
  }

  /** Sends a ping after a silence, and closes the socket after a longer one. */
  void listen(long now) {
    silence.look(now);
    partial.look(now);
    if (over || pauses.contains(Pause.RATE) || context == null) {
      return;
    }
    boolean slow = pauses.contains(Pause.BACKLOG);
    boolean hears = slow || pauses.isEmpty(); // Otherwise its pongs are not read.
    if (hears && silence.isTooLong(now)) {
      cut(slow ? CloseReason.SLOW : CloseReason.IDLE);
    } else if (silence.isLong(now) && context.channel().isWritable()) {
      silence.ask(now);
      send(new PingWebSocketFrame());
    }
  }

  void cut(CloseReason why) {
    if (!over) {
      cut.accept(why);
    }
  }

  /** Passes on nothing more but the client's own close. */
  void stop() {
    over = true;
    pauses.clear();
    if (context != null) {
      readOrNot(context);
    }
    messages.release();
  }

  void send(WebSocketFrame frame) {
    if (context == null) {
      frame.release();
    } else {
      ChannelFuture unused = context.writeAndFlush(frame);
    }
  }

  /** Closes the connection now, and drops what the client has not taken. */
  void abort() {
    if (context != null) {
      ChannelFuture unused = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Passed on, these would close the socket without a reason.
    if (cause instanceof CorruptedWebSocketFrameException corrupted
        && corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      cut(CloseReason.TOO_LARGE);
    } else if (cause instanceof CorruptedFrameException) {
      cut(CloseReason.MALFORMED);
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
