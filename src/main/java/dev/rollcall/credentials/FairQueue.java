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
 * What waits, in turns: each address has as many as any other, and within an address each user.
 * Whoever asks for more than the others waits for longer, and loses its place first when there are
 * too many.
 *
 * <p>What waits for one share is served in its order. Adding and dropping take the logarithm of how
 * many wait; taking looks past what may not begin yet. Not safe for use by several threads.
 */
final class FairQueue<T> {

  /** Equals no other, however many wait: {@code born} differs. */
  private static final Comparator<Line> LENGTH =
      Comparator.<Line>comparingInt(line -> line.size)
          .thenComparingInt(line -> line.suspicion)
          .thenComparingLong(line -> line.born);

  /** What the two kinds of lines are compared by. A change of it takes the line out of its set. */
  private abstract static class Line {
    final long born;
    int size;
    int suspicion;

    Line(long born) {
      this.born = born;
    }
  }

  /** What waits for one share, the oldest first. */
  private static final class Items<T> extends Line {
    final Share share;
    final Deque<T> items = new ArrayDeque<>();

    Items(Share share, long born) {
      super(born);
      this.share = share;
    }
  }

  /** What waits for one address, by shares, the one whose turn it is first. */
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
   * Adds what is to wait.
   *
   * @param suspicion of two that wait for as much, the one with less of it stays
   */
  void add(Share share, int suspicion, T item) {
    Client<T> client = turns.computeIfAbsent(share.client(), address -> new Client<>(births++));
    Items<T> items = client.turns.computeIfAbsent(share, its -> new Items<>(its, births++));
    items.items.addLast(item);
    resize(client, items, 1, suspicion);
  }

  /** Takes what is next of that which may begin; null when there is nothing of the kind. */
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

  /** Takes the last of the longest line of the address for which the most waits; null if empty. */
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
