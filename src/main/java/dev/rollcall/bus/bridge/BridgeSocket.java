package dev.rollcall.bus.bridge;

import dev.rollcall.base.OutOfMemory;
import dev.rollcall.base.OutboundShare;
import dev.rollcall.bus.bridge.BridgeGate.Cut;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to one client: counts what it has not taken yet, and ends it.
 *
 * <p>A socket of vertx-web can't say how much waits to be written: over SockJS its queue is never
 * full. So what each write has not been told to be written counts. A client that leaves a quarter
 * of what it may is not read from, so that its own questions can't cut it off. Belongs to one event
 * loop.
 */
final class BridgeSocket {

  /** How long a client has to answer that its socket is closed, in milliseconds. */
  private static final long GRACE = 2_000;

  /** So many bytes that wait for one client are not counted. */
  private static final int FEW = 16 * 1024;

  private final Vertx vertx;
  private final SockJSSocket socket;
  private final BridgeGate gate;
  private final BridgeFrames frames;
  private final boolean sockJs;
  private final Consumer<Cut> whenCut;

  /** From how many bytes on nothing more is read that would be answered. */
  private final long hold;

  private final Context loop = Vertx.currentContext();

  private long backlog;
  private @Nullable OutboundShare share;
  private boolean holding;
  private boolean cut;

  /**
   * A way to a client.
   *
   * @param whenCut told once, when it is about to be closed by this side
   */
  BridgeSocket(
      Vertx vertx, SockJSSocket socket, boolean sockJs, BridgeGate gate, Consumer<Cut> whenCut) {
    this.vertx = vertx;
    this.socket = socket;
    this.sockJs = sockJs;
    this.gate = gate;
    this.whenCut = whenCut;
    this.hold = gate.settings().limits().backlog() / 4;
    ConnectionBase connection = (ConnectionBase) socket.routingContext().request().connection();
    this.frames = BridgeFrames.watch(connection.channel().pipeline(), sockJs, gate, this::cut);
  }

  /**
   * Sends a text, or cuts the client off when it has left too much untaken.
   *
   * @return false, and nothing was sent, where the process has no room for a text that is not short
   */
  boolean write(String text) {
    if (cut) {
      return true;
    }
    if (backlog > gate.settings().limits().backlog()) {
      cut(Cut.SLOW);
      return true;
    }
    int size = ByteBufUtil.utf8Bytes(text);
    if (!hold(size)) {
      return false;
    }
    backlog += size;
    gate.sent();
    if (backlog > hold) {
      holding = true;
      frames.hold(true);
    }
    socket.write(text).onComplete(written -> taken(size), fault -> lost(size, fault));
    return true;
  }

  /** Has room for so many more bytes, which are counted once they are not just a few. */
  private boolean hold(int size) {
    long bytes = backlog + size;
    if (share != null) {
      return share.resize(bytes) || size <= FEW;
    }
    if (bytes <= FEW) {
      return true;
    }
    OutboundShare room = size <= FEW ? gate.budget().force(bytes) : gate.budget().tryTake(bytes);
    if (room == null) {
      return false;
    }
    share = room;
    room.untaken(this::slow);
    return true;
  }

  /** Others wait for what it holds; runs on any thread. */
  private void slow() {
    loop.runOnContext(turn -> cut(Cut.SLOW));
  }

  private void lost(int size, Throwable fault) {
    OutOfMemory.heed(fault);
    taken(size);
  }

  private void taken(int size) {
    backlog -= size;
    if (share != null && backlog <= FEW) {
      share.giveBack();
      share = null;
    } else if (share != null) {
      share.resize(backlog);
      share.untaken(this::slow);
    }
    if (holding) {
      frames.taken();
      holding = backlog > hold / 2;
      frames.hold(holding);
    }
  }

  /** The connection is gone, and with it what was left untaken. */
  void closed() {
    cut = true;
    if (share != null) {
      share.giveBack();
      share = null;
    }
  }

  /** Looks after it, now and then. */
  void listen(long now) {
    frames.listen(now);
  }

  /** Closes it from this side, and says why. */
  void cut(Cut why) {
    if (cut) {
      return;
    }
    cut = true;
    gate.cut(why);
    whenCut.accept(why);
    frames.stop();
    if (sockJs) {
      // SockJS' own word for it; what vertx-web says after this is the same for all reasons.
      frames.send(new TextWebSocketFrame("c[" + why.code() + ",\"" + why.reason() + "\"]"));
    }
    socket.close(why.code(), why.reason());
    vertx.setTimer(GRACE, late -> frames.abort());
  }
}
