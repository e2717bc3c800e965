package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * How the process ends.
 *
 * @param waitFor the key {@code wait}: how long it serves on after readiness fails
 */
public record ShutdownSettings(Duration waitFor, Duration drain) {
  private static final Key<Duration> WAIT = Key.duration("shutdown.wait", "0s", "0s", "10m");
  private static final Key<Duration> DRAIN = Key.duration("shutdown.drain", "10s", "0s", "10m");

  public ShutdownSettings {
    WAIT.check(waitFor);
    DRAIN.check(drain);
  }

  /** The longest that ending may take. */
  public Duration longest() {
    return waitFor.plus(drain).plus(drain);
  }

  static ShutdownSettings from(Section section) {
    return new ShutdownSettings(WAIT.read(section), DRAIN.read(section));
  }
}
