package dev.rollcall.transport;

import dev.rollcall.base.ClientAddress;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * So many places for connections that cost memory. A few addresses that take all of them keep
 * nobody else out:
 *
 * <pre>
 *   one more ──▶ has a place
 *     ├── too many from its address ──▶ has none
 *     └── too many ──▶ the oldest of the address with the most loses its place to it,
 *                      unless this one's has as many
 * </pre>
 *
 * <p>Safe for use by all threads.
 */
final class FairPlaces {

  /** What has a place. */
  abstract static class Holder {
    private final ClientAddress address;

    Holder(Channel channel) {
      this.address = address(channel);
    }

    private static ClientAddress address(Channel channel) {
      return channel.remoteAddress() instanceof InetSocketAddress socket
          ? ClientAddress.of(socket.getAddress().getHostAddress())
          : ClientAddress.of("");
    }

    /** Its place is another's now; called by the thread of that one, which is not to wait here. */
    abstract void displaced();
  }

  private final int most;
  private final int mostOfOne;

  // Guarded by this, both. Holders in the order in which they came; no address without any.
  private final Map<ClientAddress, Set<Holder>> byAddress = new HashMap<>();
  private int all;

  /** None is taken. One address has three quarters at most, which needs no look at who has what. */
  FairPlaces(int most) {
    this.most = most;
    this.mostOfOne = partOfOne(most);
  }

  static int partOfOne(int most) {
    return most / 4 * 3;
  }

  /** Gives a place to one that has none; false where there is none for it. */
  synchronized boolean enter(Holder holder) {
    int fromThere = byAddress.getOrDefault(holder.address, Set.of()).size();
    if (fromThere >= mostOfOne || (all >= most && !makeRoom(fromThere + 1))) {
      return false;
    }
    all++;
    byAddress.computeIfAbsent(holder.address, none -> new LinkedHashSet<>()).add(holder);
    return true;
  }

  private boolean makeRoom(int fair) {
    Set<Holder> largest =
        byAddress.values().stream().max(Comparator.comparingInt(Set::size)).orElse(Set.of());
    if (largest.size() <= fair) {
      return false;
    }
    Holder oldest = largest.iterator().next();
    leave(oldest);
    oldest.displaced();
    return true;
  }

  /** Takes the place of one that may have lost it before. */
  synchronized void leave(Holder holder) {
    Set<Holder> there = byAddress.get(holder.address);
    if (there != null && there.remove(holder)) {
      all--;
      if (there.isEmpty()) {
        byAddress.remove(holder.address);
      }
    }
  }
}
