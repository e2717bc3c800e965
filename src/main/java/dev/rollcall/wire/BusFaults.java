package dev.rollcall.wire;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** What the event bus says of a message that was not answered. */
public final class BusFaults {

  private BusFaults() {}

  /** Whether nobody has the address, so that the message has reached no one. */
  public static boolean isNobodyThere(Throwable fault) {
    return is(fault, ReplyFailure.NO_HANDLERS);
  }

  /** Whether no reply came in time, so that nobody knows what became of the message. */
  public static boolean isTimeout(Throwable fault) {
    return is(fault, ReplyFailure.TIMEOUT);
  }

  private static boolean is(Throwable fault, ReplyFailure type) {
    return fault instanceof ReplyException reply && reply.failureType() == type;
  }
}
