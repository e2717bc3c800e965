package dev.rollcall.store;

import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What concurrent clients saw, and the checker of it.
 *
 * <p>Each user is a row of states in the order of the feed: absent at first, then what each change
 * left. A read must show a state that is at least the newest one acknowledged before the read began
 * and at most the newest one begun before it ended; of two reads that do not overlap, the later one
 * never shows the earlier state; and what it shows is what the write of that seq wrote.
 *
 * <p>Times are ticks of one counter, so that they order events of all threads.
 */
public final class History {

  /** An acknowledged write, by the seq of its change. */
  record Write(long id, long start, long end, long seq) {}

  /** A read and what it found. */
  record Read(long id, long start, long end, Optional<User> found) {}

  private final AtomicLong ticks = new AtomicLong();
  private final List<Write> writes = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();
  private final Map<Long, User> written = new HashMap<>();

  public long tick() {
    return ticks.incrementAndGet();
  }

  /** An acknowledged write that left a user. */
  public synchronized void wrote(long start, long end, User user) {
    writes.add(new Write(user.id(), start, end, user.seq()));
    written.put(user.seq(), user);
  }

  /** An acknowledged deletion. */
  public synchronized void deleted(long start, long end, long id, long seq) {
    writes.add(new Write(id, start, end, seq));
  }

  public synchronized void read(long start, long end, long id, Optional<User> found) {
    reads.add(new Read(id, start, end, found));
  }

  /** What is wrong; empty when nothing is. */
  public synchronized List<String> faults(List<Change> feed) {
    List<String> faults = new ArrayList<>();
    feed.stream()
        .map(Change::id)
        .distinct()
        .forEach(
            id ->
                faults.addAll(
                    new OneUser(id, feed.stream().filter(c -> c.id() == id).toList()).faults()));
    return faults;
  }

  public synchronized int size() {
    return writes.size() + reads.size();
  }

  /** The states of one user, numbered from 0, which is its absence before everything. */
  private final class OneUser {
    private final long id;
    private final List<Change> changes;
    private final Map<Long, Integer> stateOf = new HashMap<>();
    private final List<Write> own;

    OneUser(long id, List<Change> changes) {
      this.id = id;
      this.changes = changes;
      for (Change change : changes) {
        stateOf.put(change.seq(), stateOf.size() + 1);
      }
      own = writes.stream().filter(write -> write.id() == id).toList();
    }

    List<String> faults() {
      List<String> faults = new ArrayList<>();
      for (Write write : own) {
        if (!stateOf.containsKey(write.seq())) {
          faults.add("acknowledged, but not in the feed: " + write);
        }
      }
      // A read that found nobody may have seen any absence within its bounds. It is taken for the
      // first that fits, which binds the later reads least.
      Map<Read, Integer> seen = new HashMap<>();
      List<Read> ordered =
          reads.stream()
              .filter(read -> read.id() == id)
              .sorted(Comparator.comparingLong(Read::start))
              .toList();
      for (Read read : ordered) {
        int least = newest(own.stream().filter(write -> write.end() < read.start()).toList());
        for (Map.Entry<Read, Integer> earlier : seen.entrySet()) {
          if (earlier.getKey().end() < read.start()) {
            least = Math.max(least, earlier.getValue());
          }
        }
        int most = newest(own.stream().filter(write -> write.start() < read.end()).toList());
        int state = state(read, least);
        if (state < least || state > most) {
          faults.add(
              String.format(
                  Locale.ROOT, "state %d is not within %d to %d: %s", state, least, most, read));
        }
        if (read.found().isPresent() && !read.found().equals(contentOf(read))) {
          faults.add("not what was written under that seq: " + read);
        }
        seen.put(read, state);
      }
      return faults;
    }

    private Optional<User> contentOf(Read read) {
      return read.found().map(user -> written.get(user.seq()));
    }

    private int newest(List<Write> some) {
      return some.stream().mapToInt(write -> stateOf.getOrDefault(write.seq(), 0)).max().orElse(0);
    }

    /** Which state a read showed; the first absence from a state on when it found nobody. */
    private int state(Read read, int from) {
      if (read.found().isPresent()) {
        return stateOf.getOrDefault(read.found().get().seq(), Integer.MAX_VALUE);
      }
      int state = from;
      while (state <= changes.size() && !isAbsent(state)) {
        state++;
      }
      return state;
    }

    private boolean isAbsent(int state) {
      return state == 0 || changes.get(state - 1).kind() == Change.Kind.DELETED;
    }
  }
}
