package dev.rollcall.http.connections;

import dev.rollcall.budgets.AddressShare;
import dev.rollcall.budgets.InboundShare;

/**
 * What the streams of one connection hold of the budget for what is in memory: their heads, and
 * what has come of their bodies and is not taken. Belongs to the event loop of the connection.
 */
final class StreamBytes {

  /** Of each connection so many bytes do not count, as those of a connection of HTTP/1.1 do not. */
  private static final long FREE = 64 * 1024;

  /** So many are given back, or kept since they will be needed again. */
  private static final long STEP = 64 * 1024;

  private final InboundShare share;
  private long held;
  private long charged;

  /**
   * Of a connection without streams.
   *
   * @param share that of the client's address
   */
  StreamBytes(HttpLimits limits, AddressShare share) {
    this.share = limits.inbound(share, 0);
  }

  /** Takes so many bytes; false, and nothing taken, where there is no room for them. */
  boolean take(long bytes) {
    long counted = held + bytes - FREE;
    if (counted > charged) {
      if (!share.hold(counted)) {
        return false;
      }
      charged = counted;
    }
    held += bytes;
    return true;
  }

  /** Gives some back. */
  void giveBack(long bytes) {
    held -= bytes;
    long counted = Math.max(0, held - FREE);
    if (charged - counted >= STEP || (held == 0 && charged > 0)) {
      share.hold(counted);
      charged = counted;
    }
  }
}
