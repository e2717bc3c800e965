package dev.rollcall.config;

import java.time.Duration;

/**
 * How the process ends.
 *
 * @param waitFor the key {@code wait}, a name that Java refuses here: how long it serves on after
 *     readiness fails, so that callers can turn away; 0s to 10m, default 0s
 * @param drain how long requests that are at work may take to finish, first those over HTTP and
 *     then those over the event bus; 0s to 10m, default 10s
 */
public record ShutdownSettings(Duration waitFor, Duration drain) {
  private static final Rule<Duration> PAUSE = Rule.duration(Duration.ZERO, Duration.ofMinutes(10));

  public ShutdownSettings {
    PAUSE.check("shutdown.wait", waitFor);
    PAUSE.check("shutdown.drain", drain);
  }

  /** How long requests may be served or waited for at most, once the process is to end. */
  public Duration longest() {
    return waitFor.plus(drain).plus(drain);
  }

  static ShutdownSettings from(Section section) {
    return new ShutdownSettings(
        section.get("wait", Duration.ZERO, PAUSE),
        section.get("drain", Duration.ofSeconds(10), PAUSE));
  }
}
