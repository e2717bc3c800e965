package dev.rollcall.views;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest fetches of one event loop, which alone writes; read by all threads. Neither waits for
 * the other: what is overwritten while it is read counts as gone.
 */
final class FetchRing {
  private final AtomicReferenceArray<RecentFetch> slots;

  /** How many were ever added; what is read up to here was written before. */
  private final AtomicLong added = new AtomicLong();

  FetchRing(int size) {
    slots = new AtomicReferenceArray<>(size);
  }

  void add(RecentFetch fetch) {
    long position = added.getPlain();
    slots.setRelease(slot(position), fetch);
    added.setRelease(position + 1);
  }

  /** The position behind the newest one. */
  long end() {
    return added.get();
  }

  /** The position of the oldest one that was still there when the newest was before an end. */
  long begin(long end) {
    return Math.max(0, end - slots.length());
  }

  /** The one at a position before {@link #end}; null where it is gone. */
  @Nullable RecentFetch get(long position) {
    RecentFetch fetch = slots.getAcquire(slot(position));
    // The slot is written before the count: the next one may be there already.
    return added.get() - position < slots.length() ? fetch : null;
  }

  /** Takes away what is of a user, whoever writes meanwhile. */
  void forget(long user) {
    for (int i = 0; i < slots.length(); i++) {
      RecentFetch fetch = slots.get(i);
      if (fetch != null && fetch.id() == user) {
        slots.compareAndSet(i, fetch, null);
      }
    }
  }

  private int slot(long position) {
    return (int) (position % slots.length());
  }
}
