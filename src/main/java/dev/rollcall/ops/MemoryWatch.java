package dev.rollcall.ops;

import dev.rollcall.base.OutOfMemory;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends the process when for {@value #TOO_LONG} s on end collecting garbage took nine tenths of the
 * time and left less than a twentieth of the heap.
 *
 * <p>Such a process serves nobody, though it may take minutes until an {@link OutOfMemoryError} is
 * thrown, which may then be swallowed.
 */
public final class MemoryWatch {

  private static final long INTERVAL_MILLIS = 1_000;
  private static final int TOO_LONG = 10;
  private static final double MOST_TIME = 0.9;
  private static final double LEAST_FREE = 0.05;

  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();

  private long lookedAt = System.nanoTime();
  private long collected = collectionMillis();
  private int exhausted;

  private MemoryWatch() {}

  /** Watches on a thread of its own, for as long as the process lives. */
  public static void start() {
    MemoryWatch watch = new MemoryWatch();
    Thread thread = new Thread(watch::run, "memory-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(INTERVAL_MILLIS);
        OutOfMemory.insist();
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    long now = System.nanoTime();
    long millis = collectionMillis();
    Runtime heap = Runtime.getRuntime();
    double busy = (millis - collected) / (double) TimeUnit.NANOSECONDS.toMillis(now - lookedAt);
    double free = 1 - (heap.totalMemory() - heap.freeMemory()) / (double) heap.maxMemory();
    // A look may be late by several collections, so that seconds count and not looks.
    long seconds = TimeUnit.NANOSECONDS.toSeconds(now - lookedAt);
    exhausted = busy >= MOST_TIME && free < LEAST_FREE ? exhausted + (int) Math.max(1, seconds) : 0;
    collected = millis;
    lookedAt = now;
    if (exhausted >= TOO_LONG) {
      OutOfMemory.end();
    }
  }

  private long collectionMillis() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      millis += Math.max(0, collector.getCollectionTime());
    }
    return millis;
  }
}
