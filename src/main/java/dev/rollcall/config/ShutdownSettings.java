package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * How the process ends.
 *
 * @param waitFor the key {@code wait}, a name that Java refuses here: how long it serves on after
 *     readiness fails, so that callers can turn away
 * @param drain how long requests that are at work may take to finish, first those over HTTP and
 *     then those over the event bus
 */
public record ShutdownSettings(Duration waitFor, Duration drain) {
  private static final Rule<Duration> PAUSE = Rule.duration(Duration.ZERO, Duration.ofMinutes(10));
  private static final Key<Duration> WAIT = Key.of("shutdown.wait", Duration.ZERO, PAUSE);
  private static final Key<Duration> DRAIN =
      Key.of("shutdown.drain", Duration.ofSeconds(10), PAUSE);

  public ShutdownSettings {
    WAIT.check(waitFor);
    DRAIN.check(drain);
  }

  /** How long requests may be served or waited for at most, once the process is to end. */
  public Duration longest() {
    return waitFor.plus(drain).plus(drain);
  }

  static ShutdownSettings from(Section section) {
    return new ShutdownSettings(WAIT.read(section), DRAIN.read(section));
  }
}
