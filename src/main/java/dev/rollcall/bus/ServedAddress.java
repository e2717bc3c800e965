package dev.rollcall.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Late;
import dev.rollcall.base.TimerTable;
import io.vertx.core.eventbus.Message;
import java.util.function.Function;

/**
 * An address of the event bus that is served.
 *
 * @param name the address as meters have it, of which there are few
 * @param late what a caller is told who gets no answer in time
 * @param wording encodes a failure as the message of a reply
 * @param calls makes the call of a message
 */
record ServedAddress(
    String address, String name, Late late, Function<Failure, String> wording, Calls calls) {

  /** Makes the call of a message, on the event loop of the instance that serves it. */
  @FunctionalInterface
  interface Calls {
    Call of(MessageServer server, ServedAddress served, TimerTable timers, Message<Object> message);
  }
}
