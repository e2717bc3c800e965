package dev.rollcall.store;

import dev.rollcall.base.Failure;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reads that wait for a reader, the oldest first: so many at most, each for so long at most,
 * and none whose client has gone.
 *
 * <pre>
 *   add ──▶ waiting ──▶ take, poll
 *              ├──▶ its client has gone: dropped
 *              └──▶ it has waited for {@link #PATIENCE}: 503, and when to come back
 * </pre>
 *
 * <p>Safe for use by all threads. Reads are failed without holding the lock.
 *
 * @param <R> the kind of read
 */
public final class ReadQueue<R extends PendingRead<?>> {
  /**
   * How long a read may wait for its turn, in nanoseconds. After that its client is no longer
   * served in time anyway, and others can be.
   */
  static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

  /** How often {@link #expire} should be called, in milliseconds. */
  public static final long SWEEP_MILLIS = 100;

  /** How many may go first. */
  private static final int MOST_FIRST = 64;

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  /** Guarded by the lock; a set, so that a read in the midst of it leaves in constant time. */
  private final Set<R> waiting = new LinkedHashSet<>();

  /** Those that go first; guarded by the lock. */
  private final Set<R> first = new LinkedHashSet<>();

  private boolean closed;

  /**
   * A queue without reads.
   *
   * @param capacity how many may wait; one more is refused
   */
  public ReadQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Lets a read wait for its turn, or fails it at once. */
  public void add(R read) {
    add(read, waiting, capacity, true);
  }

  /**
   * As {@link #add}, without waking who takes reads: many that come at once need one {@link #wake}.
   * Who is awake may take it before.
   */
  public void addQuietly(R read) {
    add(read, waiting, capacity, false);
  }

  /** Wakes one of those who wait for reads, and one more for each so many that there are. */
  public void wake(int readsEach) {
    lock.lock();
    try {
      for (int reads = waiting.size(); reads > 0; reads -= readsEach) {
        added.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets a read go before all others, however many wait: one of the few that the process itself
   * depends on, such as whether a key still holds.
   */
  public void addFirst(R read) {
    add(read, first, MOST_FIRST, true);
  }

  private void add(R read, Set<R> to, int most, boolean wake) {
    Failure refusal = null;
    lock.lock();
    try {
      if (closed) {
        refusal = Failure.of(Failure.Kind.UNAVAILABLE, "the store is closing");
      } else if (to.size() >= most) {
        refusal = busy("too many reads are waiting for the store");
      } else if (to.add(read) && wake) {
        added.signal();
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      read.answer().completeExceptionally(refusal);
    } else {
      read.client().whenCancelled(() -> leave(read));
    }
  }

  private static Failure busy(String detail) {
    return Failure.of(Failure.Kind.UNAVAILABLE, detail).with(Failure.RETRY_AFTER, 1);
  }

  private void leave(R read) {
    boolean left;
    lock.lock();
    try {
      left = waiting.remove(read) || first.remove(read);
    } finally {
      lock.unlock();
    }
    if (left) {
      read.drop();
    }
  }

  /** The oldest read, of those that go first where there are any; null when there is none. */
  public @Nullable R poll() {
    return pollIf(read -> true);
  }

  /** As {@link #poll}; null also where the oldest is not wanted. */
  public @Nullable R pollIf(Predicate<? super R> wanted) {
    R read = removeLocked(wanted);
    while (read != null && !isDue(read)) {
      read = removeLocked(wanted);
    }
    return read;
  }

  private @Nullable R removeLocked(Predicate<? super R> wanted) {
    lock.lock();
    try {
      return removeOldest(wanted);
    } finally {
      lock.unlock();
    }
  }

  /** The oldest read, waited for; null when the queue is closed and empty. */
  public @Nullable R take() throws InterruptedException {
    while (true) {
      R read;
      lock.lock();
      try {
        while (waiting.isEmpty() && first.isEmpty() && !closed) {
          added.await();
        }
        read = removeOldest(any -> true);
      } finally {
        lock.unlock();
      }
      if (read == null || isDue(read)) {
        return read;
      }
    }
  }

  private @Nullable R removeOldest(Predicate<? super R> wanted) {
    Iterator<R> oldest = (first.isEmpty() ? waiting : first).iterator();
    R read = oldest.hasNext() ? oldest.next() : null;
    if (read == null || !wanted.test(read)) {
      return null;
    }
    oldest.remove();
    return read;
  }

  /** Whether it is to be read; where not, whoever may still wait is told. */
  private boolean isDue(R read) {
    if (!read.wanted()) {
      read.drop();
      return false;
    }
    if (System.nanoTime() - read.since() > PATIENCE) {
      late(read);
      return false;
    }
    return true;
  }

  private void late(R read) {
    read.answer().completeExceptionally(busy("the store was not read in time"));
  }

  /** Fails those that have waited for too long; to be called now and then. */
  public void expire() {
    long now = System.nanoTime();
    List<R> late = new ArrayList<>();
    lock.lock();
    try {
      removeLate(first, now, late);
      removeLate(waiting, now, late);
    } finally {
      lock.unlock();
    }
    late.forEach(this::late);
  }

  private void removeLate(Set<R> from, long now, List<R> late) {
    Iterator<R> oldest = from.iterator();
    while (oldest.hasNext()) {
      R read = oldest.next();
      if (now - read.since() <= PATIENCE) {
        break;
      }
      oldest.remove();
      late.add(read);
    }
  }

  /** How many reads wait. */
  public int size() {
    lock.lock();
    try {
      return first.size() + waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing in any more; what waits can still be taken. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
