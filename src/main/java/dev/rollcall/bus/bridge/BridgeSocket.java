package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.OutOfMemory;
import dev.rollcall.budgets.OutboundShare;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one client, counts what it has not taken yet, and closes its socket.
 *
 * <p>A socket of vertx-web can't say how much waits to be written: over SockJS its queue is never
 * full. So the writes that have not completed are counted here. From a client that leaves a quarter
 * of its limit unread nothing more is read, so that the answers to its own messages can't exceed
 * the limit. Belongs to one event loop.
 */
final class BridgeSocket {

  /** How long a client has to answer the closing of its socket, in milliseconds. */
  private static final long GRACE = 2_000;

  /** Up to so many bytes that wait for one client take nothing of the budget. */
  private static final int FEW = 16 * 1024;

  private final Vertx vertx;
  private final SockJSSocket socket;
  private final BridgeLimits limits;
  private final BridgeFrames frames;
  private final boolean sockJs;
  private final Consumer<CloseReason> whenCut;

  /** Above how many unread bytes nothing more is read. */
  private final long hold;

  private final Context loop = Vertx.currentContext();

  private long backlog;
  private @Nullable OutboundShare share;
  private boolean holding;
  private boolean cut;

  /**
   * The writer of a socket.
   *
   * @param client the address of the other end
   * @param whenCut called once, before this side closes it
   */
  BridgeSocket(
      Vertx vertx,
      SockJSSocket socket,
      boolean sockJs,
      BridgeLimits limits,
      ClientAddress client,
      Consumer<CloseReason> whenCut) {
    this.vertx = vertx;
    this.socket = socket;
    this.sockJs = sockJs;
    this.limits = limits;
    this.whenCut = whenCut;
    this.hold = limits.settings().limits().backlog() / 4;
    ConnectionBase connection = (ConnectionBase) socket.routingContext().request().connection();
    this.frames =
        BridgeFrames.watch(connection.channel().pipeline(), sockJs, limits, client, this::cut);
  }

  /**
   * Sends a text, or closes the socket when the client has left too much unread.
   *
   * @return false, and nothing was sent, where the process has no room for a text that is not short
   */
  boolean write(String text) {
    if (cut) {
      return true;
    }
    if (backlog > limits.settings().limits().backlog()) {
      cut(CloseReason.SLOW);
      return true;
    }
    int size = ByteBufUtil.utf8Bytes(text);
    if (!reserve(size)) {
      return false;
    }
    backlog += size;
    limits.sent();
    if (backlog > hold) {
      holding = true;
      frames.pause(Pause.BACKLOG, true);
    }
    socket.write(text).onComplete(written -> taken(size), fault -> lost(size, fault));
    return true;
  }

  /** Takes of the budget for so many more bytes, if they are more than a few in all. */
  private boolean reserve(int size) {
    long bytes = backlog + size;
    if (share != null) {
      return share.resize(bytes) || size <= FEW;
    }
    if (bytes <= FEW) {
      return true;
    }
    OutboundShare room =
        size <= FEW ? limits.budget().force(bytes) : limits.budget().tryTake(bytes);
    if (room == null) {
      return false;
    }
    share = room;
    room.untaken(this::slow);
    return true;
  }

  /** Others wait for the room that it takes; runs on any thread. */
  private void slow() {
    loop.runOnContext(turn -> cut(CloseReason.SLOW));
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
      frames.pause(Pause.BACKLOG, holding);
    }
  }

  /** The connection is gone, and with it what was left unread. */
  void closed() {
    cut = true;
    if (share != null) {
      share.giveBack();
      share = null;
    }
  }

  /** Reads no further for this reason, or goes on where there is no other. */
  void pause(Pause why, boolean on) {
    frames.pause(why, on);
  }

  /** Hands on no further message while it is found out who the client is. */
  void pause() {
    frames.pause(Pause.IDENTITY, true);
    socket.pause();
  }

  /** Hands on what has come meanwhile. */
  void resume() {
    if (!cut) {
      socket.resume();
    }
    frames.pause(Pause.IDENTITY, false);
  }

  void listen(long now) {
    frames.listen(now);
  }

  void cut(CloseReason why) {
    if (cut) {
      return;
    }
    cut = true;
    limits.cut(why);
    whenCut.accept(why);
    frames.stop();
    if (sockJs) {
      // SockJS' form of a reason; what vertx-web sends after this is the same for all.
      frames.send(new TextWebSocketFrame("c[" + why.code() + ",\"" + why.reason() + "\"]"));
    }
    socket.close(why.code(), why.reason());
    vertx.setTimer(GRACE, late -> frames.abort());
  }
}
