package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import dev.rollcall.transport.PartialInputLimit;
import dev.rollcall.transport.UndecodedBytes;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what is in memory of frames that are not whole, and of the fragments of messages that are
 * not: Netty's decoder keeps a frame until it has all of it, in memory for which event loops wait
 * where it runs out.
 *
 * <p>Beyond a few bytes a socket reads on once it is one of those that may have a large frame, and
 * is closed where that takes too long, or where the rest of the message does. Belongs to the
 * socket's event loop.
 */
final class PartialFrames extends ChannelDuplexHandler {

  /** Frames, and messages, of so many bytes are not large. */
  static final int SMALL = 16 * 1024;

  /** How long a socket waits until it may read on. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final LargeFrames large;
  private final ClientAddress client;
  private final BridgeMessages messages;
  private final BridgeFrames frames;

  /** How long the rest of a large message may take. */
  private final long timeout;

  private UndecodedBytes undecoded = UndecodedBytes.none();
  private boolean admitted;
  private long begunAt;
  private boolean waiting;
  private long waitingSince;
  private boolean dropping;

  /**
   * Of a socket of which nothing was read.
   *
   * @param messages where the fragments are
   */
  PartialFrames(
      BridgeLimits limits, ClientAddress client, BridgeMessages messages, BridgeFrames frames) {
    this.large = limits.largeFrames();
    this.timeout = limits.settings().pingTimeout().toNanos();
    this.client = client;
    this.messages = messages;
    this.frames = frames;
  }

  /** Takes its place before the decoder of frames. */
  void join(ChannelPipeline pipeline) {
    WebSocket08FrameDecoder decoder = pipeline.get(WebSocket08FrameDecoder.class);
    undecoded = UndecodedBytes.of(decoder);
    PartialInputLimit.watch(pipeline, decoder, undecoded);
    pipeline.addBefore(pipeline.context(decoder).name(), "bridge-partial", this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    if (dropping) {
      ReferenceCountUtil.release(read);
      return;
    }
    ctx.fireChannelRead(read);
    undecoded.look();
    admit();
  }

  /** The decoder asks for the rest of a frame even where nothing is to be read. */
  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!waiting) {
      ctx.read();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    undecoded.look();
    waiting = false;
    leave();
  }

  /** A message is whole: what there is more is of the next one. */
  void whole() {
    if (admitted) {
      begunAt = System.nanoTime();
    }
  }

  private void leave() {
    if (admitted) {
      admitted = false;
      large.end(client);
    }
  }

  private void admit() {
    boolean isLarge = isLarge();
    if (!isLarge) {
      leave();
    } else if (!admitted) {
      begin(System.nanoTime());
    }
    waiting = isLarge && !admitted;
    frames.pause(Pause.ROOM, waiting);
  }

  private void begin(long now) {
    admitted = large.begin(client);
    if (admitted) {
      begunAt = now;
    } else if (!waiting) {
      waitingSince = now;
    }
  }

  private boolean isLarge() {
    return undecoded.count() + messages.fragments() > SMALL;
  }

  /** Reads on where it may by now; closes the socket where anything has taken too long. */
  void look(long now) {
    if (dropping) {
      return;
    }
    if (waiting) {
      admit();
    }
    if (waiting && now - waitingSince > PATIENCE) {
      drop(CloseReason.FULL);
    } else if (frames.isPaused()) {
      begunAt = now; // It is not the client's turn.
    } else if (admitted && now - begunAt > timeout) {
      drop(CloseReason.LATE);
    }
  }

  private void drop(CloseReason why) {
    dropping = true;
    frames.cut(why);
  }
}
