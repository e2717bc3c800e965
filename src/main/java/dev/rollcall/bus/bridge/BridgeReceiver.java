package dev.rollcall.bus.bridge;

import dev.rollcall.access.Principal;
import dev.rollcall.base.Failure;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a client of the bridge sends, and takes the credential out of it. While it is found
 * out whose that is, no further message is taken. Belongs to the event loop of its socket.
 */
record BridgeReceiver(
    BridgeSession session, BridgeSocket socket, BridgeLimits limits, BridgeCaller caller)
    implements Handler<Buffer> {
  private static final Logger LOG = LoggerFactory.getLogger(BridgeReceiver.class);

  @Override
  public void handle(Buffer text) {
    if (session.isOver()) {
      return;
    }
    limits.received();
    try {
      if (!session.mayRead(text)) {
        throw BridgeMessage.unread(text);
      }
      BridgeMessage message = BridgeMessage.read(text);
      String credential = message.credential();
      if (credential == null) {
        take(message);
      } else {
        identify(caller.identify(credential), message);
      }
    } catch (BridgeMessage.Refused e) {
      session.refuse(e);
    }
  }

  private void identify(Future<Principal> known, BridgeMessage message) {
    if (known.isComplete()) {
      takeFrom(known, message);
      return;
    }
    socket.pause();
    known.onComplete(
        done -> {
          takeFrom(known, message);
          socket.resume();
        });
  }

  private void takeFrom(Future<Principal> known, BridgeMessage message) {
    if (session.isOver()) {
      return;
    }
    if (known.succeeded()) {
      take(message);
    } else {
      Failure failure = Failure.from(known.cause(), LOG, "a credential could not be looked at");
      session.refuse(message.refusal(BridgeRefusal.of(failure), failure.detail()));
    }
  }

  private void take(BridgeMessage message) {
    try {
      session.take(message);
    } catch (BridgeMessage.Refused e) {
      session.refuse(e);
    } catch (RuntimeException e) {
      LOG.error("a message of the bridge to {} failed", message.address(), e);
      session.refuse(message, BridgeRefusal.INTERNAL_ERROR);
    }
  }
}
