package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * What is on its way to clients, over HTTP, the event bus and the bridge together.
 *
 * @param limit bytes, by default a quarter of the heap
 * @param patience the key {@code wait}, a name that Java refuses here: how long a read may wait for
 *     room
 */
public record OutboundSettings(long limit, Duration patience) {
  private static final Key<Long> LIMIT =
      Key.computed(
          "outbound.limit",
          () -> Math.max(MIB, Math.min(64 * GIB, Runtime.getRuntime().maxMemory() / 4)),
          Rule.size(MIB, 64 * GIB));
  private static final Key<Duration> WAIT =
      Key.of(
          "outbound.wait",
          Duration.ofSeconds(2),
          Rule.duration(Duration.ofMillis(100), Duration.ofMinutes(1)));

  public OutboundSettings {
    LIMIT.check(limit);
    WAIT.check(patience);
  }

  static OutboundSettings from(Section section) {
    return new OutboundSettings(LIMIT.read(section), WAIT.read(section));
  }
}
