package dev.rollcall.base;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * How much of its processors this process has used of late, from 0 to 1. It looks again after
 * {@value #SPAN_MILLIS} ms at the earliest, since the system counts in hundredths of a second.
 * Belongs to one thread.
 */
public final class ProcessorUse {
  private static final long SPAN_MILLIS = 50;
  private static final long SPAN_NANOS = TimeUnit.MILLISECONDS.toNanos(SPAN_MILLIS);

  /** What the newest span counts beside those before it. */
  private static final double NEWEST = 0.25;

  private final int processors = Runtime.getRuntime().availableProcessors();
  private long lookedAt = System.nanoTime();
  private long used = usedNanos();
  private double share;

  /** The share of the processors that this process may use; 0 where the JVM does not say. */
  public double share() {
    long now = System.nanoTime();
    long passed = now - lookedAt;
    if (passed >= SPAN_NANOS) {
      long usedNow = usedNanos();
      double newest = (usedNow - used) / (double) passed / processors;
      share += NEWEST * (newest - share);
      used = usedNow;
      lookedAt = now;
    }
    return share;
  }

  private static long usedNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Math.max(0, system.getProcessCpuTime())
        : 0;
  }
}
