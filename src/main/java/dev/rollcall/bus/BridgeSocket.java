package dev.rollcall.bus;

import dev.rollcall.bus.BridgeGate.Cut;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.function.Consumer;

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

  private final Vertx vertx;
  private final SockJSSocket socket;
  private final BridgeGate gate;
  private final BridgeFrames frames;
  private final boolean sockJs;
  private final Consumer<Cut> whenCut;

  /** From how many bytes on nothing more is read that would be answered. */
  private final long hold;

  private long backlog;
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

  /** Sends a text, or cuts the client off when it has left too much untaken. */
  void write(String text) {
    if (cut) {
      return;
    }
    if (backlog > gate.settings().limits().backlog()) {
      cut(Cut.SLOW);
      return;
    }
    int size = ByteBufUtil.utf8Bytes(text);
    backlog += size;
    gate.sent();
    if (backlog > hold) {
      holding = true;
      frames.hold(true);
    }
    socket.write(text).onComplete(written -> taken(size));
  }

  private void taken(int size) {
    backlog -= size;
    if (holding) {
      frames.taken();
      holding = backlog > hold / 2;
      frames.hold(holding);
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
