package dev.rollcall.store.remote;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that are known to hold the store, and which one to call next: each in turn. Safe for
 * use by all threads.
 *
 * <pre>
 *   unknown ── announced ──▶ called ── two timeouts in a row ──▶ left out for 5 s, if there are others
 *      ▲                      │ ▲                                   │
 *      └─── silent for 3 s, ──┘ └───────── an answer, or 5 s ───────┘
 *           leaving, or without a handler
 * </pre>
 */
final class OwnerRegistry {

  private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);
  private static final long LEFT_OUT = TimeUnit.SECONDS.toNanos(5);
  private static final int TOO_OFTEN = 2;

  private final List<Candidate> owners = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** A node. Concurrent calls may count its timeouts wrong by one, which the next answer mends. */
  private static final class Candidate {
    private final String node;
    private volatile long announcedAt = System.nanoTime();
    private volatile long leftOutAt;
    private volatile int timeouts;

    Candidate(String node) {
      this.node = node;
    }

    boolean isThere(long now) {
      return now - announcedAt < SILENCE;
    }

    boolean isLeftOut(long now) {
      return timeouts >= TOO_OFTEN && now - leftOutAt < LEFT_OUT;
    }
  }

  void announced(String node) {
    Candidate owner = find(node);
    if (owner == null) {
      owners.add(new Candidate(node));
    } else {
      owner.announcedAt = System.nanoTime();
    }
    // Each process has a new name, so nodes that are gone never come back.
    long now = System.nanoTime();
    owners.removeIf(each -> !each.isThere(now));
  }

  void left(String node) {
    owners.removeIf(owner -> owner.node.equals(node));
  }

  /** A node has answered, if only with a failure. */
  void answered(String node) {
    Candidate owner = find(node);
    if (owner != null && owner.timeouts > 0) {
      owner.timeouts = 0;
    }
  }

  void timedOut(String node) {
    Candidate owner = find(node);
    if (owner != null) {
      owner.leftOutAt = System.nanoTime();
      owner.timeouts = Math.min(TOO_OFTEN, owner.timeouts + 1);
    }
  }

  boolean hasOther(String node) {
    long now = System.nanoTime();
    return owners.stream()
        .anyMatch(o -> o.isThere(now) && !o.isLeftOut(now) && !o.node.equals(node));
  }

  /**
   * The node to call; null when there is none.
   *
   * @param not the one that did not answer, which is called again only if it is the only one
   */
  @Nullable String next(@Nullable String not) {
    long now = System.nanoTime();
    String found = next(o -> o.isThere(now) && !o.isLeftOut(now) && !o.node.equals(not));
    if (found == null) {
      found = next(o -> o.isThere(now) && !o.node.equals(not));
    }
    return found == null ? next(o -> o.isThere(now)) : found;
  }

  private @Nullable String next(Predicate<Candidate> eligible) {
    List<Candidate> all = owners.stream().filter(eligible).toList();
    return all.isEmpty() ? null : all.get(Math.floorMod(turn.getAndIncrement(), all.size())).node;
  }

  private @Nullable Candidate find(String node) {
    for (Candidate owner : owners) {
      if (owner.node.equals(node)) {
        return owner;
      }
    }
    return null;
  }
}
