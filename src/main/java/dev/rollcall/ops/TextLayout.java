package dev.rollcall.ops;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * An event as one line for people: {@code 2026-11-23T07:50:12.123Z INFO logger message key=value}.
 *
 * <p>No text can forge another line: control characters are escaped, and the lines of a stack trace
 * are joined by {@code " | "}.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int LOGGER_LENGTH = 24;

  private final TargetLengthBasedClassNameAbbreviator names =
      new TargetLengthBasedClassNameAbbreviator(LOGGER_LENGTH);

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()), line);
    String level = event.getLevel().toString();
    line.append(' ').append(level).append(" ".repeat(Math.max(1, 6 - level.length())));
    line.append(names.abbreviate(event.getLoggerName())).append(' ');
    escape(String.valueOf(event.getFormattedMessage()), line);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(' ');
        escape(pair.key, line);
        value(String.valueOf(pair.value), line.append('='));
      }
    }
    stack(event.getThrowableProxy(), line);
    return line.append('\n').toString();
  }

  /** A value in quotes where it would otherwise run into the next pair. */
  private static void value(String value, StringBuilder line) {
    boolean bare =
        !value.isEmpty() && value.chars().noneMatch(c -> c == ' ' || c == '"' || c == '=');
    if (bare) {
      escape(value, line);
    } else {
      escape(value.replace("\\", "\\\\").replace("\"", "\\\""), line.append('"'));
      line.append('"');
    }
  }

  private static void stack(@Nullable IThrowableProxy thrown, StringBuilder line) {
    if (thrown != null) {
      ThrowableProxyUtil.asString(thrown)
          .lines()
          .map(String::strip)
          .filter(frame -> !frame.isEmpty())
          .forEach(frame -> escape(frame, line.append(" | ")));
    }
  }

  /** Escapes what could end a line, or change how a terminal shows it. */
  private static void escape(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (Character.isISOControl(c) || isInvisible(c)) {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
  }

  /** Line and paragraph separators, and the marks that turn the direction of what follows. */
  private static boolean isInvisible(char c) {
    return (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
  }
}
