package dev.rollcall.credentials;

import dev.rollcall.base.ClientAddress;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue that serves addresses in turn, and the users of an address in turn. Whoever asks for more
 * than others waits for longer, and is the first to lose a place when there are too many.
 *
 * <p>Within a share, items are served in their order. Adding and dropping take the logarithm of the
 * number of items; taking skips what may not begin yet. Not safe for use by several threads.
 */
final class FairQueue<T> {

  /** By length, then suspicion; {@code born} differs for all. */
  private static final Comparator<Line> LENGTH =
      Comparator.<Line>comparingInt(line -> line.size)
          .thenComparingInt(line -> line.suspicion)
          .thenComparingLong(line -> line.born);

  /** What lines are compared by; before it changes, a line is taken out of its set. */
  private abstract static class Line {
    final long born;
    int size;
    int suspicion;

    Line(long born) {
      this.born = born;
    }
  }

  private static final class Items<T> extends Line {
    final Share share;
    final Deque<T> items = new ArrayDeque<>();

    Items(Share share, long born) {
      super(born);
      this.share = share;
    }
  }

  /** The shares of one address, the one whose turn it is first. */
  private static final class Client<T> extends Line {
    final Map<Share, Items<T>> turns = new LinkedHashMap<>();
    final TreeSet<Items<T>> byLength = new TreeSet<>(LENGTH);

    Client(long born) {
      super(born);
    }
  }

  private final Map<ClientAddress, Client<T>> turns = new LinkedHashMap<>();
  private final TreeSet<Client<T>> byLength = new TreeSet<>(LENGTH);
  private long births;

  /**
   * Adds an item.
   *
   * @param suspicion of two shares that wait for as much, the one with less of it stays
   */
  void add(Share share, int suspicion, T item) {
    Client<T> client = turns.computeIfAbsent(share.client(), address -> new Client<>(births++));
    Items<T> items = client.turns.computeIfAbsent(share, its -> new Items<>(its, births++));
    items.items.addLast(item);
    resize(client, items, 1, suspicion);
  }

  @Nullable T take(Predicate<Share> mayBegin) {
    for (Client<T> client : turns.values()) {
      for (Items<T> items : client.turns.values()) {
        if (mayBegin.test(items.share)) {
          T item = items.items.removeFirst();
          toTheEnd(turns, items.share.client(), client);
          toTheEnd(client.turns, items.share, items);
          resize(client, items, -1, 0);
          return item;
        }
      }
    }
    return null;
  }

  /** Drops the last item of the longest share of the address with the most; null if empty. */
  @Nullable T dropFromLongest() {
    if (byLength.isEmpty()) {
      return null;
    }
    Client<T> client = byLength.last();
    Items<T> items = client.byLength.last();
    T item = items.items.removeLast();
    resize(client, items, -1, 0);
    return item;
  }

  private static <K, V> void toTheEnd(Map<K, V> turns, K key, V value) {
    turns.remove(key);
    turns.put(key, value);
  }

  private void resize(Client<T> client, Items<T> items, int by, int suspicion) {
    byLength.remove(client);
    client.byLength.remove(items);
    for (Line line : new Line[] {client, items}) {
      line.size += by;
      line.suspicion = Math.max(line.suspicion, suspicion);
    }
    if (items.size > 0) {
      client.byLength.add(items);
    } else {
      client.turns.remove(items.share);
    }
    if (client.size > 0) {
      byLength.add(client);
    } else {
      turns.remove(items.share.client());
    }
  }
}
