package dev.rollcall.base;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** What this process has used of its processors. Safe for use by all threads. */
public final class ProcessorTime {
  private static final @Nullable OperatingSystemMXBean SYSTEM =
      ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
          ? system
          : null;

  private ProcessorTime() {}

  /**
   * The time of all its threads on processors, divided by how many processors it may use; in
   * nanoseconds, and always 0 where the platform does not tell.
   */
  public static long nanos() {
    return SYSTEM == null
        ? 0
        : SYSTEM.getProcessCpuTime() / Runtime.getRuntime().availableProcessors();
  }
}
