package dev.rollcall.bus.bridge;

import dev.rollcall.bus.bridge.BridgeGate.Cut;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the bridge, from its socket's opening to its end: what it says, in the words of
 * vertx-web's bridge, and what it is told.
 *
 * <pre>
 *   send ──▶ admitted? ──▶ the bus ──▶ a reply or a failure, if it waits for one
 *     └────▶ a reply to what it was asked ──▶ whoever asked
 *   register ──▶ {@link BridgeListeners} ──▶ what is heard there, and what it is asked
 * </pre>
 *
 * <p>It takes the place of vertx-web's own handler of messages, which lets any client answer for
 * any other one, fails without a word where headers are no object, tells a refusal without saying
 * of what, and writes for ever to who does not read. Belongs to the event loop of its socket.
 */
final class BridgeSession {

  private static final Logger LOG = LoggerFactory.getLogger(BridgeSession.class);

  private final Vertx vertx;
  private final BridgeGate gate;
  private final BridgeSocket socket;
  private final BridgeListeners listeners;
  private final String client;

  /** How many replies it waits for. */
  private int awaited;

  private boolean leaving;
  private boolean over;

  /**
   * @param client the IP address of the other end
   */
  BridgeSession(Vertx vertx, SockJSSocket socket, boolean sockJs, BridgeGate gate, String client) {
    this.vertx = vertx;
    this.client = client;
    this.gate = gate;
    this.socket = new BridgeSocket(vertx, socket, sockJs, gate, why -> end());
    this.listeners = new BridgeListeners(vertx.eventBus(), gate, this);
    socket.handler(this::received);
    // The end of its connection says as much; vertx-web would log each one that breaks off.
    socket.exceptionHandler(fault -> {});
  }

  /** A message of the client. */
  private void received(Buffer text) {
    if (over) {
      return;
    }
    gate.received();
    BridgeMessage message;
    try {
      message = BridgeMessage.read(text);
    } catch (BridgeMessage.Refused e) {
      refuse(e);
      return;
    }
    try {
      take(message);
    } catch (BridgeMessage.Refused e) {
      refuse(e);
    } catch (RuntimeException e) {
      LOG.error("a message of the bridge to {} failed", message.address(), e);
      refuse(message, BridgeRefusal.INTERNAL_ERROR);
    }
  }

  private void refuse(BridgeMessage.Refused refused) {
    gate.refused(refused.why());
    write(BridgeReply.refusal(refused.replyAddress(), refused.why(), refused.getMessage()));
  }

  private void take(BridgeMessage message) throws BridgeMessage.Refused {
    switch (message.type()) {
      case PING -> {}
      case SEND -> send(message);
      case PUBLISH -> publish(message);
      case REGISTER -> listeners.register(message);
      case UNREGISTER -> listeners.unregister(message);
    }
  }

  private void send(BridgeMessage message) throws BridgeMessage.Refused {
    boolean reply = listeners.awaits(message);
    if (!reply && leaving) {
      refuse(message, BridgeRefusal.ENDING);
      return;
    }
    if (!reply && !gate.addresses().maySend(message.address())) {
      refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    if (message.replyAddress() != null && handlers() >= gate.settings().limits().handlers()) {
      refuse(message, BridgeRefusal.MAX_HANDLERS_REACHED);
      return;
    }
    DeliveryOptions options = message.options(gate.settings().replyTimeout());
    if (reply) {
      listeners.answer(message, options);
      leaveIfDone();
      return;
    }
    boolean asText = BridgeAddresses.isOurs(message.address());
    Object body = message.busBody(asText);
    if (asText) {
      options.addHeader(Addresses.ANSWER, Addresses.BYTES);
    }
    if (BridgeAddresses.hearsOfClients(message.address())) {
      options.addHeader(Addresses.CLIENT, client);
    }
    if (message.replyAddress() == null) {
      vertx.eventBus().send(message.address(), body, options);
    } else {
      await(
          message.replyAddress(),
          vertx.eventBus().request(message.address(), body, options),
          asText);
    }
  }

  /**
   * Tells the client what comes of a message, under its own name for that.
   *
   * @param asText whether the text of JSON was asked for
   */
  void await(String replyAddress, Future<Message<Object>> reply, boolean asText) {
    awaited++;
    reply.onComplete(
        message -> {
          awaited--;
          listeners.deliverReply(replyAddress, message, asText);
          leaveIfDone();
        },
        fault -> {
          awaited--;
          write(BridgeReply.failure(replyAddress, fault));
          leaveIfDone();
        });
  }

  private void publish(BridgeMessage message) throws BridgeMessage.Refused {
    if (!gate.addresses().mayPublish(message.address())) {
      refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    DeliveryOptions options = message.options(gate.settings().replyTimeout());
    vertx.eventBus().publish(message.address(), message.busBody(false), options);
  }

  /** What counts against its handlers. */
  int handlers() {
    return awaited + listeners.count();
  }

  /** Tells the client that something was refused, where it waits if it does. */
  void refuse(BridgeMessage message, BridgeRefusal why) {
    gate.refused(why);
    write(BridgeReply.refusal(message.replyAddress(), why, why.sentence()));
  }

  /** Sends a text to the client, if it is still there; there is no room: cuts it off. */
  void write(String text) {
    if (!over && !socket.write(text)) {
      cut(Cut.SLOW);
    }
  }

  /**
   * Sends a reply to the client, if it is still there.
   *
   * @return false where the process has no room for it, and nothing was sent
   */
  boolean writeReply(String text) {
    return over || socket.write(text);
  }

  /** Looks after it, now and then. */
  void listen(long now) {
    socket.listen(now);
    listeners.forget(now);
    leaveIfDone();
  }

  /**
   * Takes nothing in any more but replies, and closes the socket once the client has had those that
   * it waits for, and given those that others wait for.
   */
  void leave() {
    leaving = true;
    listeners.retire();
    leaveIfDone();
  }

  private void leaveIfDone() {
    if (leaving && awaited == 0 && !listeners.isAsked()) {
      cut(Cut.ENDING);
    }
  }

  /** Closes the socket, and says why. */
  void cut(Cut why) {
    socket.cut(why);
  }

  /** The socket is closed. */
  void closed() {
    end();
    socket.closed();
  }

  /** The socket is closed, or about to be. */
  void end() {
    over = true;
    listeners.end();
  }
}
