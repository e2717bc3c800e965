package dev.rollcall.bus.bridge;

import dev.rollcall.base.ClientAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * How many large frames have come in part, of all clients and of each address. Safe for use by all
 * threads.
 */
final class LargeFrames {

  /** So many there may be in any case. */
  private static final int LEAST = 4;

  private final int most;
  private final int mostOfOne;

  // Guarded by this, both.
  private final Map<ClientAddress, Integer> coming = new HashMap<>();
  private int all;

  /**
   * None yet.
   *
   * @param memory so many bytes they may take together
   * @param size so many bytes one may have
   */
  LargeFrames(long memory, long size) {
    this.most = (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST, memory / size));
    this.mostOfOne = most / 2;
  }

  /** How many there are. */
  synchronized int coming() {
    return all;
  }

  /** Counts one in; false, and nothing counted, where there are too many. */
  synchronized boolean begin(ClientAddress client) {
    int own = coming.getOrDefault(client, 0);
    if (all >= most || own >= mostOfOne) {
      return false;
    }
    all++;
    coming.put(client, own + 1);
    return true;
  }

  /** One is whole, or its socket is closed. */
  synchronized void end(ClientAddress client) {
    all--;
    coming.computeIfPresent(client, (same, own) -> own == 1 ? null : own - 1);
  }
}
