package dev.rollcall.config;

import java.time.Duration;

/**
 * The change feed.
 *
 * @param keep how long a change can be read; 1s to 3650d, default 30d
 * @param streams event streams of the feed that may be open at once; 1 to 100,000, default 500
 */
public record ChangesSettings(Duration keep, int streams) {
  private static final Rule<Duration> KEEP =
      Rule.duration(Duration.ofSeconds(1), Duration.ofDays(3650));
  private static final Rule<Integer> STREAMS = Rule.integer(1, 100_000);

  public ChangesSettings {
    KEEP.check("changes.keep", keep);
    STREAMS.check("changes.streams", streams);
  }

  static ChangesSettings from(Section section) {
    return new ChangesSettings(
        section.get("keep", Duration.ofDays(30), KEEP), section.get("streams", 500, STREAMS));
  }
}
