package dev.rollcall.sources.limits;

import dev.rollcall.config.sources.ConcurrencyLimit;
import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import dev.rollcall.sources.limits.Permits.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts at a source may be under way and wait: a number for all of its URLs together,
 * or at each of them as many as its latency allows. One for a source in a process; safe for use by
 * all threads, and never blocks.
 */
public final class AttemptLimits {
  /** One, or one for each URL. */
  private final Permits[] permits;

  /** One for each URL; null with a number. */
  private final AdaptiveLimit @Nullable [] adaptive;

  /**
   * With nothing under way.
   *
   * @param waiting how many may wait; at each URL at most as many as may be under way there
   * @param urls how many URLs there are; 0 where it is asked over the event bus
   */
  public AttemptLimits(ConcurrencyLimit inFlight, int waiting, int urls) {
    if (!inFlight.adaptive()) {
      permits = new Permits[] {new Permits(inFlight.most(), waiting)};
      adaptive = null;
      return;
    }
    permits = new Permits[Math.max(1, urls)];
    adaptive = new AdaptiveLimit[permits.length];
    for (int url = 0; url < permits.length; url++) {
      permits[url] = new Permits(AdaptiveLimit.FIRST, Math.min(waiting, AdaptiveLimit.FIRST));
      adaptive[url] = new AdaptiveLimit(permits[url], waiting, System.nanoTime());
    }
  }

  private Permits at(int url) {
    return permits[adaptive == null ? 0 : url];
  }

  /** Takes a permit to ask at a URL, or queues for one. */
  public Turn take(int url, Runnable waiter) {
    Turn turn = at(url).take(waiter);
    if (turn == Turn.NEVER) {
      refused(url);
    }
    return turn;
  }

  /** Leaves the queue, unless the permit is already on its way. */
  public void giveUp(int url, Runnable waiter) {
    at(url).giveUp(waiter);
  }

  /** Gives a permit back that was not used. */
  public void release(int url) {
    at(url).release();
  }

  /**
   * Gives the permit of an attempt back.
   *
   * @param askedAt when it got it, on the clock of {@link System#nanoTime()}
   */
  public void release(int url, long askedAt, Outcome outcome) {
    if (adaptive != null) {
      adaptive[url].ended(askedAt, System.nanoTime(), outcome);
    }
    at(url).release();
  }

  /**
   * Whether an attempt that has waited, and has so many milliseconds left, can be in time; if not
   * its permit is given back.
   */
  public boolean keep(int url, long millisLeft) {
    boolean inTime = adaptive == null || adaptive[url].isInTime(millisLeft);
    if (!inTime) {
      release(url);
    }
    return inTime;
  }

  /** An attempt has waited in vain. */
  public void refused(int url) {
    if (adaptive != null) {
      adaptive[url].refused();
    }
  }

  /** Whether each URL has a limit of its own. */
  boolean isAdaptive() {
    return adaptive != null;
  }

  /** Whether an attempt at a URL would have to wait. */
  boolean isFull(int url) {
    return at(url).isFull();
  }

  /** The limit of each URL; none with a number. */
  public List<AdaptiveLimit> adaptive() {
    return adaptive == null ? List.of() : List.of(adaptive);
  }

  /** How many attempts are under way. */
  public int taken() {
    int taken = 0;
    for (Permits each : permits) {
      taken += each.taken();
    }
    return taken;
  }

  /** How many attempts wait. */
  public int waiting() {
    int waiting = 0;
    for (Permits each : permits) {
      waiting += each.waiting();
    }
    return waiting;
  }
}
