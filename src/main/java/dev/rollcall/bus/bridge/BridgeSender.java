package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;

/**
 * Sends the messages of one client onto the bus, with headers that say who it is. That the client
 * may do so has been found out. Belongs to the event loop of the socket.
 */
record BridgeSender(
    EventBus bus,
    BridgeLimits limits,
    BridgeCaller caller,
    ClientAddress client,
    UnansweredBytes unanswered) {

  /**
   * Sends a message that is replied to. It counts among those that are unanswered.
   *
   * @return the reply; fails with that of the receiver, or when its time is over
   * @throws BridgeMessage.Refused where it can't go onto the bus, or too much is in memory
   */
  Future<Message<Object>> ask(BridgeMessage message) throws BridgeMessage.Refused {
    DeliveryOptions options = options(message);
    boolean asText = BridgeAddresses.isOurs(message.address());
    Object body = message.busBody(asText);
    int size = message.size(); // What waits must not keep the message, whose tree takes far more.
    if (!unanswered.enter(size, !asText)) {
      throw message.refusal(BridgeRefusal.TOO_MANY_BYTES, BridgeRefusal.TOO_MANY_BYTES.sentence());
    }
    try {
      return bus.request(message.address(), body, options)
          .onComplete(done -> unanswered.leave(size, !asText));
    } catch (RuntimeException e) {
      unanswered.leave(size, !asText);
      throw e;
    }
  }

  /**
   * Sends a message that nobody waits for.
   *
   * @throws BridgeMessage.Refused where it can't go onto the bus
   */
  void tell(BridgeMessage message) throws BridgeMessage.Refused {
    bus.send(message.address(), message.busBody(false), options(message));
  }

  /**
   * Sends a message to all that listen.
   *
   * @throws BridgeMessage.Refused where it can't go onto the bus
   */
  void publish(BridgeMessage message) throws BridgeMessage.Refused {
    bus.publish(message.address(), message.busBody(false), options(message));
  }

  private DeliveryOptions options(BridgeMessage message) throws BridgeMessage.Refused {
    DeliveryOptions options = message.options(limits.settings().replyTimeout());
    if (BridgeAddresses.isOurs(message.address())) {
      options.addHeader(Addresses.ANSWER, Addresses.BYTES);
    }
    if (BridgeAddresses.hearsOfClients(message.address())) {
      options.addHeader(Addresses.CLIENT, client.text());
    }
    caller.sign(options);
    return options;
  }
}
