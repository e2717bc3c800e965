package dev.rollcall.views;

import dev.rollcall.base.RecentErasures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The newest fetches of views in this process: so many for each event loop, the older ones are
 * forgotten. One for a process; safe for use by all threads, which never wait for each other.
 */
public final class RecentFetches {
  /**
   * The newest first. Those that began within one millisecond are told apart by the other clock.
   */
  private static final Comparator<RecentFetch> NEWEST_FIRST =
      Comparator.comparingLong(RecentFetch::at)
          .thenComparingLong(RecentFetch::startedAt)
          .reversed();

  private final RecentErasures erased = new RecentErasures();
  private final int perLoop;
  private final Map<Thread, FetchRing> rings = new ConcurrentHashMap<>();

  /**
   * None yet.
   *
   * @param perLoop how many are kept for each event loop; 0 for none at all
   */
  public RecentFetches(int perLoop) {
    this.perLoop = perLoop;
  }

  /** Whether any are kept. */
  boolean keepsAny() {
    return perLoop > 0;
  }

  /** Keeps a fetch that has ended on the current event loop. */
  void add(RecentFetch fetch) {
    Thread loop = Thread.currentThread();
    FetchRing ring = rings.get(loop);
    if (ring == null) {
      ring = rings.computeIfAbsent(loop, added -> new FetchRing(perLoop));
    }
    ring.add(fetch);
    // Looked at after it was kept: whoever forgets says so first.
    if (erased.isSince(fetch.id(), fetch.startedAt())) {
      ring.forget(fetch.id());
    }
  }

  /** Forgets what was seen of a user, and what is under way. */
  void forget(long user) {
    erased.add(user);
    rings.values().forEach(ring -> ring.forget(user));
  }

  /** The newest that are wanted, the newest first. */
  public List<RecentFetch> newest(int limit, Predicate<RecentFetch> wanted) {
    List<RecentFetch> found = new ArrayList<>();
    for (FetchRing ring : rings.values()) {
      long end = ring.end();
      for (long position = ring.begin(end); position < end; position++) {
        RecentFetch fetch = ring.get(position);
        if (fetch != null && wanted.test(fetch)) {
          found.add(fetch);
        }
      }
    }
    found.sort(NEWEST_FIRST);
    return found.size() > limit ? List.copyOf(found.subList(0, limit)) : found;
  }

  /** Follows those that end from now on. */
  public Follower follow() {
    return new Follower();
  }

  /** Reads on from where it was. For one thread at a time. */
  public final class Follower {
    /** How many of each event loop are looked at in one reading. */
    private static final int LOOKED_AT = 500;

    private final Map<FetchRing, Long> positions = new HashMap<>();

    private Follower() {
      rings.values().forEach(ring -> positions.put(ring, ring.end()));
    }

    /**
     * A sample of what has ended since the last reading, in the order of {@link #newest} reversed.
     *
     * @param most how many it may have
     * @param wanted which may be in it
     */
    public Sample read(int most, Predicate<RecentFetch> wanted) {
      List<RecentFetch> found = new ArrayList<>();
      long leftOut = 0;
      for (FetchRing ring : rings.values()) {
        long end = ring.end();
        long from = positions.getOrDefault(ring, 0L);
        long first = Math.max(from, Math.max(ring.begin(end), end - LOOKED_AT));
        leftOut += first - from;
        for (long position = first; position < end; position++) {
          RecentFetch fetch = ring.get(position);
          if (fetch == null) {
            leftOut++;
          } else if (wanted.test(fetch)) {
            found.add(fetch);
          }
        }
        positions.put(ring, end);
      }
      found.sort(NEWEST_FIRST.reversed());
      List<RecentFetch> sample = spread(found, most);
      return new Sample(sample, leftOut + found.size() - sample.size());
    }

    /** So many of them, evenly over the time that they stand for. */
    private static List<RecentFetch> spread(List<RecentFetch> all, int most) {
      if (all.size() <= most) {
        return all;
      }
      List<RecentFetch> some = new ArrayList<>(most);
      for (int i = 0; i < most; i++) {
        some.add(all.get((int) ((long) i * all.size() / most)));
      }
      return some;
    }
  }

  /**
   * Some of the fetches of a while.
   *
   * @param leftOut how many others there were; those that were no longer there count, wanted or not
   */
  public record Sample(List<RecentFetch> fetches, long leftOut) {}
}
