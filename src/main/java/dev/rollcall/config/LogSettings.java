package dev.rollcall.config;

/**
 * What is logged, and how; always to standard output, one line an event.
 *
 * @param format for people or for programs; default text
 * @param level the least severe level that is logged; default info
 * @param access whether each request is logged, whatever the level; default true
 */
public record LogSettings(Format format, Level level, boolean access) {

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
    return new LogSettings(
        section.get("format", Format.TEXT, Rule.oneOf(Format.class)),
        section.get("level", Level.INFO, Rule.oneOf(Level.class)),
        section.get("access", true, Rule.bool()));
  }
}
