package dev.rollcall.config;

import static dev.rollcall.config.Units.GIB;
import static dev.rollcall.config.Units.MIB;

import java.time.Duration;

/**
 * The change feed.
 *
 * @param keep how long a change can be read; 1s to 3650d, default 30d
 * @param limit how many bytes the feed may have, about: the oldest changes go first; 1MiB to
 *     1024GiB, default 1GiB
 * @param streams event streams that may be open at once; 1 to 100,000, default 500
 */
public record ChangesSettings(Duration keep, long limit, int streams) {
  private static final Rule<Duration> KEEP =
      Rule.duration(Duration.ofSeconds(1), Duration.ofDays(3650));
  private static final Rule<Long> LIMIT = Rule.size(MIB, 1024 * GIB);
  private static final Rule<Integer> STREAMS = Rule.integer(1, 100_000);

  public ChangesSettings {
    KEEP.check("changes.keep", keep);
    LIMIT.check("changes.limit", limit);
    STREAMS.check("changes.streams", streams);
  }

  static ChangesSettings from(Section section) {
    return new ChangesSettings(
        section.get("keep", Duration.ofDays(30), KEEP),
        section.get("limit", GIB, LIMIT),
        section.get("streams", 500, STREAMS));
  }
}
