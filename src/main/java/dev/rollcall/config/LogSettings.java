package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;

/** What is logged, and how; always to standard output, one line an event. */
public record LogSettings(Format format, Level level, boolean access) {
  private static final Key<Format> FORMAT =
      Key.of("log.format", Format.TEXT, Rule.oneOf(Format.class));
  private static final Key<Level> LEVEL = Key.of("log.level", Level.INFO, Rule.oneOf(Level.class));
  private static final Key<Boolean> ACCESS = Key.of("log.access", true, Rule.bool());

  /** What a line looks like. */
  public enum Format {
    TEXT,
    JSON
  }

  /** How severe an event is. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  static LogSettings from(Section section) {
    return new LogSettings(FORMAT.read(section), LEVEL.read(section), ACCESS.read(section));
  }
}
