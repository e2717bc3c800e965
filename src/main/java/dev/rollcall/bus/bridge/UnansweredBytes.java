package dev.rollcall.bus.bridge;

import dev.rollcall.budgets.InboundShare;
import java.util.function.Consumer;

/**
 * How many bytes of one socket's messages have no reply yet, each of which is in memory until then.
 * Belongs to the event loop of the socket.
 */
final class UnansweredBytes {

  private final InboundShare share;
  private final long most;
  private final Consumer<Boolean> beyond;
  private long bytes;

  /**
   * Of a socket that has sent nothing.
   *
   * @param share holds them in the budget of all
   * @param most beyond so many the socket is to be read no further
   * @param beyond told whether there are more
   */
  UnansweredBytes(InboundShare share, long most, Consumer<Boolean> beyond) {
    this.share = share;
    this.most = most;
    this.beyond = beyond;
  }

  /** Counts a message in; false, and nothing counted, where all together have too many bytes. */
  boolean enter(int size) {
    if (!share.hold(bytes + size)) {
      return false;
    }
    bytes += size;
    beyond.accept(bytes > most);
    return true;
  }

  /** One has its reply, or will have none. */
  void leave(int size) {
    bytes -= size;
    share.hold(bytes);
    beyond.accept(bytes > most);
  }
}
