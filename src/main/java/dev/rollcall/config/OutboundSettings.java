package dev.rollcall.config;

import static dev.rollcall.config.Units.GIB;
import static dev.rollcall.config.Units.MIB;

import java.time.Duration;

/**
 * What is on its way to clients, over HTTP, the event bus and the bridge together.
 *
 * @param limit bytes; 1MiB to 64GiB, default: a quarter of the heap
 * @param patience how long a read may wait for room; 100ms to 1m, default 2s
 */
public record OutboundSettings(long limit, Duration patience) {
  private static final Rule<Long> LIMIT = Rule.size(MIB, 64 * GIB);
  private static final Rule<Duration> WAIT =
      Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(1));

  public OutboundSettings {
    LIMIT.check("outbound.limit", limit);
    WAIT.check("outbound.wait", patience);
  }

  static OutboundSettings from(Section section) {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    return new OutboundSettings(
        section.get("limit", Math.max(MIB, Math.min(64 * GIB, quarter)), LIMIT),
        section.get("wait", Duration.ofSeconds(2), WAIT));
  }
}
