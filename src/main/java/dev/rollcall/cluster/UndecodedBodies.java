package dev.rollcall.cluster;

import dev.rollcall.transport.Refusals;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import org.slf4j.LoggerFactory;

/**
 * Refuses messages whose bodies can't be decoded, such as a JSON object that is none. The event bus
 * decodes a body when it is first read, so that each handler would fail for it.
 */
final class UndecodedBodies {

  private static final int BAD_REQUEST = 400;

  private static final Refusals REFUSALS =
      new Refusals(LoggerFactory.getLogger(UndecodedBodies.class));

  private UndecodedBodies() {}

  static void keepFrom(EventBus bus) {
    bus.addInboundInterceptor(UndecodedBodies::check);
  }

  private static void check(DeliveryContext<Object> delivery) {
    Message<Object> message = delivery.message();
    try {
      // Decodes it, once.
      message.body();
    } catch (RuntimeException e) {
      if (message.replyAddress() == null) {
        REFUSALS.log("a message is discarded", "the event bus", message.address());
      } else {
        message.fail(BAD_REQUEST, "a JSON object is expected");
      }
      return;
    }
    delivery.next();
  }
}
