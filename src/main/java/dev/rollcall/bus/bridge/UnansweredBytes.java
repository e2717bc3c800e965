package dev.rollcall.bus.bridge;

import dev.rollcall.budgets.InboundShare;

/**
 * How many bytes of one socket's messages await a reply, each of which is in memory until then.
 * Belongs to the event loop of the socket.
 */
final class UnansweredBytes {

  /**
   * So many times what a socket may have is the most. What had been read before comes though it is
   * read no further, and it is read while others wait for its replies.
   */
  private static final int MOST_TIMES = 4;

  /** Less than what is read at once would refuse small messages. */
  private static final long LEAST = 64 * 1024;

  private final InboundShare share;
  private final long many;
  private long bytes;
  private long held;

  /**
   * Of a socket that has sent nothing.
   *
   * @param share holds them in the budget of all
   * @param most how many bytes the largest message has
   */
  UnansweredBytes(InboundShare share, long most) {
    this.share = share;
    this.many = Math.max(LEAST, most);
  }

  /** Whether there are so many that the socket is to be read no further. */
  boolean areMany() {
    return bytes > many;
  }

  /**
   * Whether there is room for a message of so many bytes; small ones cost little to read, and are
   * read in any case.
   */
  boolean haveRoomFor(int size) {
    if (size <= PartialFrames.SMALL) {
      return true;
    }
    boolean room = bytes <= MOST_TIMES * many && share.hold(held + size);
    if (room) {
      share.hold(held);
    }
    return room;
  }

  /**
   * Counts a message in.
   *
   * @param size of its text
   * @param asObject whether it waits as a tree of objects
   * @return false, and nothing counted, where this socket or all together have too many bytes
   */
  boolean enter(int size, boolean asObject) {
    long memory = asObject ? share.ofObject(size) : size;
    if (bytes > MOST_TIMES * many || !share.hold(held + memory)) {
      return false;
    }
    bytes += size;
    held += memory;
    return true;
  }

  /** One has its reply, or will have none. */
  void leave(int size, boolean asObject) {
    bytes -= size;
    held -= asObject ? share.ofObject(size) : size;
    share.hold(held);
  }
}
