package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * The change feed.
 *
 * @param keep how long a change can be read
 * @param limit how many bytes the feed may have, about: the oldest changes go first
 * @param streams event streams that may be open at once
 */
public record ChangesSettings(Duration keep, long limit, int streams) {
  private static final Key<Duration> KEEP =
      Key.of(
          "changes.keep",
          Duration.ofDays(30),
          Rule.duration(Duration.ofSeconds(1), Duration.ofDays(3650)));
  private static final Key<Long> LIMIT = Key.of("changes.limit", GIB, Rule.size(MIB, 1024 * GIB));
  private static final Key<Integer> STREAMS =
      Key.of("changes.streams", 500, Rule.integer(1, 100_000));

  public ChangesSettings {
    KEEP.check(keep);
    LIMIT.check(limit);
    STREAMS.check(streams);
  }

  static ChangesSettings from(Section section) {
    return new ChangesSettings(KEEP.read(section), LIMIT.read(section), STREAMS.read(section));
  }
}
