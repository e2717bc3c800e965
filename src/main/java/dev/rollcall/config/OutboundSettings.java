package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * Answers that clients have not taken yet, over HTTP, the event bus and the bridge together.
 *
 * @param patience the key {@code wait}: how long a read may wait for room
 */
public record OutboundSettings(long limit, Duration patience) {
  private static final Key<Long> LIMIT =
      Key.computed(
          "outbound.limit",
          () -> Math.max(MIB, Math.min(64 * GIB, Runtime.getRuntime().maxMemory() / 4)),
          Rule.size("1MiB", "64GiB"));
  private static final Key<Duration> WAIT = Key.duration("outbound.wait", "2s", "100ms", "1m");

  public OutboundSettings {
    LIMIT.check(limit);
    WAIT.check(patience);
  }

  static OutboundSettings from(Section section) {
    return new OutboundSettings(LIMIT.read(section), WAIT.read(section));
  }
}
