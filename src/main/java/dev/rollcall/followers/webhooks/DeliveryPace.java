package dev.rollcall.followers.webhooks;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many deliveries may begin, so that those of webhooks that have fallen behind don't take the
 * processor from requests: as many as there are while the process has much of its processors left
 * and the event loop gets to its timers in time, and fewer while it has not, down to {@value
 * #LEAST} a second of all webhooks together.
 *
 * <p>A delivery costs about as much as a request that creates a user, and ten webhooks make ten of
 * each. The event loop alone does not tell: others may be the busy ones, and the writer's thread. A
 * webhook that has to wait begins when its turn comes; all that wait take turns. Belongs to one
 * event loop.
 */
final class DeliveryPace {
  /** So many a second may begin however busy the process is: 100 changes for each of 10. */
  static final int LEAST = 1000;

  /** How often it looks how late the event loop is, in milliseconds. */
  private static final long SLOT_MILLIS = 5;

  /** From this lateness on it is busy. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** From this share of its processors on the process is busy. */
  private static final double BUSY = 0.4;

  /** How often it looks how busy that is: what the system tells counts in steps of 10 ms. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** So many may begin within one slot at most. */
  private static final double MOST = 1000;

  private static final double LEAST_A_NANO = LEAST / 1e9;

  /** Has something done after so many milliseconds. */
  interface Timer {
    void after(long millis, Runnable task);
  }

  private final Timer timer;
  private final LongSupplier clock;
  private final LongSupplier used;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private double allowed = MOST;
  private double left = MOST;
  private double lateness;
  private int begun;
  private boolean ticking;
  private long slotBegan;
  private boolean busy;
  private long looked;
  private long usedBefore;

  /**
   * For an event loop that is taken for idle.
   *
   * @param timer of the event loop
   * @param clock as of {@link System#nanoTime}
   * @param used how much of its processors the process has used, in nanoseconds of all of them
   */
  DeliveryPace(Timer timer, LongSupplier clock, LongSupplier used) {
    this.timer = timer;
    this.clock = clock;
    this.used = used;
  }

  /**
   * Takes room for some deliveries.
   *
   * @param onward is called when there is room again, where there is none now; always the same one
   * @return how many may begin, which need not be all
   */
  int take(int wanted, Runnable onward) {
    if (!ticking) {
      ticking = true;
      begun = 0;
      look(clock.getAsLong());
      busy = false; // Of the time before nothing is known.
      tick();
    }
    if (left < 1) {
      waiting.add(onward);
      return 0;
    }
    int taken = Math.min(wanted, (int) left);
    left -= taken;
    begun += taken;
    return taken;
  }

  /** What was taken is not needed. */
  void giveBack(int count) {
    left += count;
    begun -= count;
  }

  private void tick() {
    slotBegan = clock.getAsLong();
    timer.after(SLOT_MILLIS, this::slotIsOver);
  }

  private void slotIsOver() {
    long now = clock.getAsLong();
    if (now - looked >= LOOK_NANOS) {
      look(now);
    }
    adapt(now - slotBegan);
    if (begun == 0 && waiting.isEmpty()) {
      ticking = false; // Whoever comes next begins a slot.
      return;
    }
    begun = 0;
    tick();
    for (int i = waiting.size(); i > 0 && left >= 1; i--) {
      Runnable next = waiting.iterator().next();
      waiting.remove(next);
      next.run();
    }
  }

  private void look(long now) {
    long usedNow = used.getAsLong();
    busy = usedNow - usedBefore > BUSY * (now - looked);
    looked = now;
    usedBefore = usedNow;
  }

  private void adapt(long tookNanos) {
    long late = tookNanos - TimeUnit.MILLISECONDS.toNanos(SLOT_MILLIS);
    lateness += (late - lateness) / 8;
    double least = tookNanos * LEAST_A_NANO;
    allowed =
        busy || lateness > LATE_NANOS
            ? Math.min(allowed, begun + least) * 0.75
            : Math.min(MOST, allowed + Math.max(1, allowed / 8));
    allowed = Math.max(allowed, least);
    left = allowed;
  }
}
