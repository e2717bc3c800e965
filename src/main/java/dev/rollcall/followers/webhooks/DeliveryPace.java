package dev.rollcall.followers.webhooks;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How many deliveries may begin, so that those of webhooks that have fallen behind don't take the
 * processor from requests: as many as there are while no writes wait and the event loop gets to its
 * timers in time. While it is late fewer and fewer: down to {@value #LEAST} a second of all
 * webhooks together. While writes wait for the writer and the process is busy, some at a time:
 * {@value #LEAST_BESIDE_WRITES} a second.
 *
 * <p>A delivery costs more than a request that creates a user, and ten webhooks make ten of each.
 * Writes that wait are the surer sign: other event loops may be the busy ones, and one that is late
 * may have compilers beside it and hardly a request. But writes wait for a slow disk or database as
 * well, which deliveries take nothing from. A webhook that has to wait begins when its turn comes;
 * all that wait take turns. Belongs to one event loop.
 */
final class DeliveryPace {
  /** So many a second may begin however late the event loop is: 200 changes for each of 10. */
  static final int LEAST = 2000;

  /**
   * So many a second may begin however many writes wait: a fiftieth of a processor, and as much
   * again where the receivers are on the same machine.
   */
  static final int LEAST_BESIDE_WRITES = 100;

  /**
   * Beside writes that wait deliveries begin together, so far apart, in nanoseconds: each wakes
   * threads that take a processor from the writer, whose commits are the smaller for it.
   */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** From so many on, in the mean of some slots, writes wait. */
  private static final double QUEUE = 3;

  /** From this share of its processors on the process is busy. */
  private static final double BUSY = 0.4;

  /** How often it looks how late the event loop is, in milliseconds. */
  private static final long SLOT_MILLIS = 5;

  /** From this lateness on it is busy. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** So many may begin within one slot at most. */
  private static final double MOST = 1000;

  /** Has something done after so many milliseconds. */
  interface Timer {
    void after(long millis, Runnable task);
  }

  private final Timer timer;
  private final LongSupplier clock;
  private final IntSupplier writes;
  private final DoubleSupplier processors;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private double allowed = MOST;
  private double left = MOST;
  private double lateness;
  private int begun;
  private boolean ticking;
  private long slotBegan;
  private double queue;

  /** How long it has been since some began beside writes that wait. */
  private long gatheredNanos;

  /**
   * For an event loop that is taken for idle.
   *
   * @param timer of the event loop
   * @param clock as of {@link System#nanoTime}
   * @param writes how many wait for the writer
   * @param processors the share of them that the process uses
   */
  DeliveryPace(Timer timer, LongSupplier clock, IntSupplier writes, DoubleSupplier processors) {
    this.timer = timer;
    this.clock = clock;
    this.writes = writes;
    this.processors = processors;
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
      queue = 0; // Of the time before nothing is known.
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
    adapt(clock.getAsLong() - slotBegan);
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

  private void adapt(long tookNanos) {
    long late = tookNanos - TimeUnit.MILLISECONDS.toNanos(SLOT_MILLIS);
    lateness += (late - lateness) / 8;
    queue += (writes.getAsInt() - queue) / 16;
    if (queue > QUEUE && processors.getAsDouble() > BUSY) {
      gather(tookNanos);
      return;
    }
    gatheredNanos = 0;
    double least = tookNanos * LEAST / 1e9;
    allowed =
        lateness > LATE_NANOS
            ? Math.min(allowed, begun + least) * 0.75
            : Math.min(MOST, allowed + Math.max(1, allowed / 8));
    allowed = Math.max(allowed, least);
    left = allowed + Math.min(1, left); // Less than one may be left of a slot.
  }

  private void gather(long tookNanos) {
    gatheredNanos += tookNanos;
    left = Math.min(1, left);
    if (gatheredNanos >= BURST_NANOS) {
      allowed = gatheredNanos * LEAST_BESIDE_WRITES / 1e9;
      left += allowed;
      gatheredNanos = 0;
    }
  }
}
