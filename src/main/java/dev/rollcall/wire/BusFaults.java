package dev.rollcall.wire;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Why a message of the event bus got no reply. */
public final class BusFaults {
  private BusFaults() {}

  /** Whether nobody has the address, so that the message reached no one. */
  public static boolean isNobodyThere(Throwable fault) {
    return is(fault, ReplyFailure.NO_HANDLERS);
  }

  /** Whether no reply came in time, so that the outcome is unknown. */
  public static boolean isTimeout(Throwable fault) {
    return is(fault, ReplyFailure.TIMEOUT);
  }

  private static boolean is(Throwable fault, ReplyFailure type) {
    return fault instanceof ReplyException reply && reply.failureType() == type;
  }
}
