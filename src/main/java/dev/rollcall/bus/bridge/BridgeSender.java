package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;

/**
 * Sends the messages of one client onto the bus, with headers that say who it is. Belongs to the
 * event loop of the socket.
 */
record BridgeSender(
    EventBus bus,
    BridgeLimits limits,
    BridgeCaller caller,
    ClientAddress client,
    UnansweredBytes unanswered) {

  /**
   * Sends a message that its sender may send.
   *
   * @return the reply; never complete where none comes
   * @throws BridgeMessage.Refused where it can't go onto the bus, or too much is in memory
   */
  Future<Message<Object>> send(BridgeMessage message) throws BridgeMessage.Refused {
    boolean ours = BridgeAddresses.isOurs(message.address());
    DeliveryOptions options = message.options(limits.settings().replyTimeout());
    Object body = message.busBody(ours);
    if (ours) {
      options.addHeader(Addresses.ANSWER, Addresses.BYTES);
    }
    if (BridgeAddresses.hearsOfClients(message.address())) {
      options.addHeader(Addresses.CLIENT, client.text());
    }
    caller.sign(options);
    if (message.replyAddress() == null && !ours) {
      bus.send(message.address(), body, options);
      return Future.future(never -> {});
    }
    int size = message.size(); // What waits must not keep the message, whose tree takes far more.
    if (!unanswered.enter(size)) {
      throw message.refusal(BridgeRefusal.TOO_MANY_BYTES, BridgeRefusal.TOO_MANY_BYTES.sentence());
    }
    // What is ours replies in any case, which tells when it is done with the message.
    Future<Message<Object>> reply = bus.request(message.address(), body, options);
    reply.onComplete(done -> unanswered.leave(size));
    return reply;
  }

  /** Publishes a message that its sender may publish. */
  void publish(BridgeMessage message) throws BridgeMessage.Refused {
    DeliveryOptions options = message.options(limits.settings().replyTimeout());
    caller.sign(options);
    bus.publish(message.address(), message.busBody(false), options);
  }
}
