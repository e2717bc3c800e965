package dev.rollcall.bus.bridge;

import dev.rollcall.access.AuditLog;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.budgets.AddressShare;
import dev.rollcall.bus.bridge.BridgeLimits.CloseReason;
import dev.rollcall.wire.JsonText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import org.jspecify.annotations.Nullable;

/**
 * One client of the bridge, from its socket's opening to its end. Messages have the form of
 * vertx-web's bridge.
 *
 * <pre>
 *   send ──▶ admitted? ──▶ the bus ──▶ a reply or a failure, if it waits for one
 *     └────▶ a reply to a request that the client was sent ──▶ the sender
 *   register ──▶ {@link BridgeListeners} ──▶ messages to that address, requests among them
 * </pre>
 *
 * <p>It replaces vertx-web's own handler of messages, which lets any client reply in the place of
 * any other, fails silently where headers are no object, does not say what it refuses, and writes
 * without bound to clients that do not read. Belongs to the event loop of its socket.
 */
final class BridgeSession {

  private final BridgeLimits limits;
  private final BridgeSocket socket;
  private final BridgeListeners listeners;
  private final UnansweredBytes unanswered;
  private final BridgeSender sender;
  private final ClientAddress client;
  private final BridgeCaller caller;
  private int awaited;

  private boolean leaving;
  private boolean over;

  /**
   * A session of a socket that has just opened.
   *
   * @param client of the address of the other end
   * @param caller who that is
   */
  BridgeSession(
      Vertx vertx,
      SockJSSocket socket,
      boolean sockJs,
      BridgeLimits limits,
      AddressShare client,
      BridgeCaller caller) {
    this.caller = caller;
    this.client = client.address();
    this.limits = limits;
    this.socket = new BridgeSocket(vertx, socket, sockJs, limits, client.address(), why -> end());
    this.unanswered =
        new UnansweredBytes(limits.inbound(client), limits.settings().limits().messageLimit());
    this.sender = new BridgeSender(vertx.eventBus(), limits, caller, client.address(), unanswered);
    this.listeners = new BridgeListeners(vertx.eventBus(), limits, this);
    socket.handler(new BridgeReceiver(this, this.socket, limits, caller));
    // The connection's end says the same, and vertx-web would log each that breaks off.
    socket.exceptionHandler(fault -> {});
  }

  void refuse(BridgeMessage.Refused refused) {
    note(refused.why());
    write(BridgeReply.refusal(refused.replyAddress(), refused.why(), refused.getMessage()));
  }

  private void note(BridgeRefusal why) {
    limits.refused(why);
    if (AuditLog.isRefusal(why.code())) {
      AuditLog.refused(why.code(), caller.name(), Bridge.PATH, client);
    }
  }

  /** Whether a message is to be read: there is room for it, or others wait for it. */
  boolean mayRead(Buffer text) {
    return unanswered.haveRoomFor(text.length())
        || (listeners.hasRequests()
            && listeners.awaits(JsonText.glance(text, BridgeMessage.ADDRESS)));
  }

  /** Does what a client says whose credential, where it sent one, has been taken. */
  void take(BridgeMessage message) throws BridgeMessage.Refused {
    switch (message.type()) {
      case PING -> {}
      case SEND -> send(message);
      case PUBLISH -> publish(message);
      case REGISTER -> register(message);
      case UNREGISTER -> listeners.unregister(message);
    }
  }

  private void send(BridgeMessage message) throws BridgeMessage.Refused {
    boolean reply = listeners.awaits(message.address());
    if (!reply && leaving) {
      refuse(message, BridgeRefusal.ENDING);
      return;
    }
    if (!reply && !limits.addresses().maySend(message.address())) {
      refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    if (!reply) {
      caller.requireSending(message);
    }
    boolean ours = BridgeAddresses.isOurs(message.address());
    boolean asks = message.replyAddress() != null || ours;
    if (asks && handlers() >= limits.settings().limits().handlers()) {
      refuse(message, BridgeRefusal.MAX_HANDLERS_REACHED);
      return;
    }
    if (reply) {
      listeners.answer(message, message.options(limits.settings().replyTimeout()));
      settle();
    } else if (asks) {
      // What is ours replies in any case, which tells when it is done with the message.
      await(message.replyAddress(), sender.ask(message), ours);
      settle();
    } else {
      sender.tell(message);
    }
  }

  /**
   * Passes a reply on to the client, under the client's name for it.
   *
   * @param replyAddress null where the client does not want it
   * @param asText whether the text of JSON was asked for
   */
  void await(@Nullable String replyAddress, Future<Message<Object>> reply, boolean asText) {
    awaited++;
    reply.onComplete(
        done -> {
          awaited--;
          if (replyAddress != null && done.succeeded()) {
            listeners.deliverReply(replyAddress, done.result(), asText);
          } else if (replyAddress != null) {
            write(BridgeReply.failure(replyAddress, done.cause()));
          }
          settle();
        });
  }

  private void publish(BridgeMessage message) throws BridgeMessage.Refused {
    if (!limits.addresses().mayPublish(message.address())) {
      refuse(message, BridgeRefusal.ACCESS_DENIED);
      return;
    }
    caller.requireSending(message);
    sender.publish(message);
  }

  private void register(BridgeMessage message) throws BridgeMessage.Refused {
    // What is not open to clients at all is said first, whoever asks.
    if (limits.addresses().mayListen(message.address())) {
      caller.requireListening(message);
    }
    listeners.register(message);
  }

  boolean isOver() {
    return over;
  }

  int handlers() {
    return awaited + listeners.count();
  }

  /** Sends the client a refusal, as the reply if it waits for one. */
  void refuse(BridgeMessage message, BridgeRefusal why) {
    note(why);
    write(BridgeReply.refusal(message.replyAddress(), why, why.sentence()));
  }

  /** Sends a text to the client if it is still there; closes the socket where there is no room. */
  void write(String text) {
    cutIfEnded();
    if (!over && !socket.write(text)) {
      cut(CloseReason.SLOW);
    }
  }

  /** Closes the socket of a client whose credential holds no longer: it hears nothing more. */
  private void cutIfEnded() {
    CloseReason why = over ? null : caller.ended(System.nanoTime());
    if (why != null) {
      cut(why);
    }
  }

  /**
   * Sends a reply to the client, if it is still there.
   *
   * @return false where the process has no room for it, and nothing was sent
   */
  boolean writeReply(String text) {
    cutIfEnded();
    return over || socket.write(text);
  }

  void listen(long now) {
    cutIfEnded();
    socket.listen(now);
    listeners.forget(now);
    settle();
  }

  /**
   * Accepts nothing more but replies, and closes the socket once the client has the replies that it
   * waits for, and has given those that others wait for.
   */
  void leave() {
    leaving = true;
    listeners.retire();
    settle();
  }

  /**
   * Reads no further while too much awaits a reply, except for replies that others wait for; and
   * closes the socket of a session that leaves once all have theirs.
   */
  void settle() {
    socket.pause(Pause.UNANSWERED, unanswered.areMany() && !listeners.hasRequests());
    if (leaving && awaited == 0 && !listeners.hasRequests()) {
      cut(CloseReason.ENDING);
    }
  }

  void cut(CloseReason why) {
    socket.cut(why);
  }

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
