package dev.rollcall.bus;

import dev.rollcall.base.Failure;
import dev.rollcall.budgets.InboundShare;
import dev.rollcall.budgets.OutboundShare;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What one call holds of the budgets: its message while that is in memory, and its answer while
 * that is on its way. Belongs to the event loop of its call.
 */
final class CallBytes {

  private final InboundShare message;
  private @Nullable OutboundShare answer;

  CallBytes(BusLimits limits) {
    this.message = limits.inbound();
  }

  /**
   * Tells how many bytes the text of the message has.
   *
   * @param asObject whether it is in memory as a tree of objects
   * @throws Failure where there is no room for them
   */
  void hold(long bytes, boolean asObject) {
    if (!message.hold(asObject ? message.ofObject(bytes) : bytes)) {
      throw InboundShare.noRoom();
    }
  }

  /** The message is in memory until a future is complete, whoever still waits. */
  void keep(Future<?> future) {
    message.keep();
    future.onComplete(done -> message.release());
  }

  /** There is room for the answer, in place of what there was before. */
  void granted(OutboundShare room) {
    if (answer != null) {
      answer.giveBack();
    }
    answer = room;
  }

  /** The call has ended. */
  void end() {
    if (answer != null) {
      answer.giveBack();
    }
    message.release();
  }
}
