package dev.rollcall.sources;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts may be under way at once, and how many may wait for their turn beside them: the
 * first to come is the first to go. Safe for use by all threads; nothing in it waits.
 */
final class Permits {

  /** What became of the wish for a permit. */
  enum Turn {
    /** It is there. */
    NOW,
    /** The turn is announced by {@link Waiter#granted()}, unless given up before. */
    LATER,
    /** Too many wait already. */
    NEVER
  }

  /** Who waits for a permit. */
  interface Waiter {
    /** The permit is there. Runs on the thread of whoever released it, so it is to hop. */
    void granted();
  }

  private final int limit;
  private final int waitingLimit;
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private int taken;

  Permits(int limit, int waitingLimit) {
    this.limit = limit;
    this.waitingLimit = waitingLimit;
  }

  synchronized Turn take(Waiter waiter) {
    if (taken < limit) {
      taken++;
      return Turn.NOW;
    }
    if (waiters.size() >= waitingLimit) {
      return Turn.NEVER;
    }
    waiters.add(waiter);
    return Turn.LATER;
  }

  /** Waits no more, unless the permit is on its way already. */
  synchronized void giveUp(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** Gives a permit back; the first that waits has it then. */
  void release() {
    Waiter next = pass();
    if (next != null) {
      next.granted();
    }
  }

  private synchronized @Nullable Waiter pass() {
    Iterator<Waiter> first = waiters.iterator();
    if (!first.hasNext()) {
      taken--;
      return null;
    }
    Waiter next = first.next();
    first.remove();
    return next;
  }

  synchronized int taken() {
    return taken;
  }

  synchronized int waiting() {
    return waiters.size();
  }
}
