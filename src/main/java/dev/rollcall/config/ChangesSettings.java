package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/** The change feed. */
public record ChangesSettings(Duration keep, long limit, int streams) {
  private static final Key<Duration> KEEP = Key.duration("changes.keep", "30d", "1s", "3650d");
  private static final Key<Long> LIMIT = Key.size("changes.limit", "1GiB", "1MiB", "1024GiB");
  private static final Key<Integer> STREAMS = Key.integer("changes.streams", 500, 1, 100_000);

  public ChangesSettings {
    KEEP.check(keep);
    LIMIT.check(limit);
    STREAMS.check(streams);
  }

  static ChangesSettings from(Section section) {
    return new ChangesSettings(KEEP.read(section), LIMIT.read(section), STREAMS.read(section));
  }
}
