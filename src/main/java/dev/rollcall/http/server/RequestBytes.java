package dev.rollcall.http.server;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.http.connections.AddressShare;
import dev.rollcall.http.connections.HttpLimits;

/**
 * What one request holds of the budget for what is in memory, from the first piece of its body
 * until it has ended and nothing that it has begun still needs it. Belongs to the event loop of its
 * connection.
 */
public final class RequestBytes {

  /** Of each body so many bytes do not count, so that most writes need no room in the budget. */
  private static final int FREE = 4096;

  private final HttpLimits limits;
  private final AddressShare share;

  /** The request itself, and what it has begun that is not done. */
  private int keepers = 1;

  private long charged;

  RequestBytes(HttpLimits limits, AddressShare share) {
    this.limits = limits;
    this.share = share;
  }

  /**
   * Tells how many bytes are in memory now.
   *
   * @return false where there is no room for them
   */
  public boolean hold(long bytes) {
    long more = Math.max(0, bytes - FREE) - charged;
    if (more > 0 && !limits.receive(share, more, bytes)) {
      return false;
    }
    if (more < 0) {
      limits.forget(share, -more);
    }
    charged += more;
    return true;
  }

  /** Something more needs the bytes. */
  void keep() {
    keepers++;
  }

  /** One of those that need them does so no longer. */
  void release() {
    keepers--;
    if (keepers == 0 && charged > 0) {
      limits.forget(share, charged);
      charged = 0;
    }
  }

  /** What a body that there is no room for is answered with. */
  public static Failure noRoom() {
    return Failure.of(Kind.UNAVAILABLE, "too many bytes of requests are in memory");
  }
}
