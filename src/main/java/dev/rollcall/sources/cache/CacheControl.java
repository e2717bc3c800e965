package dev.rollcall.sources.cache;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Cache-Control} of an answer (RFC 9111, 5.2.2). What is malformed or contradicts itself
 * is read in the way that keeps less: a number that is none, or that differs from an earlier one of
 * the same directive, is 0.
 */
record CacheControl(Map<String, String> directives, boolean malformed) {
  /** The number of a directive that is not there. */
  static final long NONE = -1;

  /** The largest number of seconds (RFC 9111, 1.2.2); larger ones count as this one. */
  static final long MOST = 1L << 31;

  /** The argument of a directive that has two; no number, and no text in quotes. */
  private static final String CONTRADICTION = ",";

  private static final CacheControl EMPTY = new CacheControl(Map.of(), false);

  /** The arguments by the names in lower case; empty for none. */

  /** That of a header; null for none. */
  static CacheControl parse(@Nullable String header) {
    if (header == null) {
      return EMPTY;
    }
    Map<String, String> directives = new HashMap<>();
    boolean wellFormed = true;
    int at = 0;
    while (at < header.length()) {
      int end = endOfDirective(header, at);
      if (end < 0) {
        wellFormed = false;
        end = header.length();
      }
      add(header.substring(at, end), directives);
      at = end + 1;
    }
    return new CacheControl(directives, !wellFormed);
  }

  /** The comma that ends a directive, or the end; -1 where a quoted text has no end. */
  private static int endOfDirective(String header, int start) {
    boolean quoted = false;
    for (int at = start; at < header.length(); at++) {
      char c = header.charAt(at);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        at++;
      } else if (c == ',' && !quoted) {
        return at;
      }
    }
    return quoted ? -1 : header.length();
  }

  private static void add(String text, Map<String, String> directives) {
    int equals = text.indexOf('=');
    String name = (equals < 0 ? text : text.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return;
    }
    // Blanks around the sign are malformed: a number that begins with one is none.
    boolean blank = equals > 0 && text.charAt(equals - 1) <= ' ';
    String argument =
        equals < 0 ? "" : (blank ? " " : "") + text.substring(equals + 1).stripTrailing();
    directives.merge(name, argument, (one, other) -> one.equals(other) ? one : CONTRADICTION);
  }

  /** Whether it can't be read to its end. */
  boolean isMalformed() {
    return malformed;
  }

  boolean has(String name) {
    return directives.containsKey(name);
  }

  /**
   * Whether the answer may not be used without validation. With names of fields it is about these
   * alone (RFC 9111, 5.2.2.4), none of which is ever passed on.
   */
  boolean isNoCache() {
    String argument = directives.get("no-cache");
    return argument != null && !argument.startsWith("\"");
  }

  /** The seconds of a directive; {@link #NONE} where it is not there. */
  long seconds(String name) {
    String argument = directives.get(name);
    return argument == null ? NONE : Math.max(0, number(unquoted(argument)));
  }

  private static String unquoted(String argument) {
    int last = argument.length() - 1;
    return last > 0 && argument.charAt(0) == '"' && argument.charAt(last) == '"'
        ? argument.substring(1, last)
        : argument;
  }

  /** A number of seconds, the largest that there is at most; {@link #NONE} for none. */
  static long number(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    long number = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        return NONE;
      }
      number = Math.min(MOST, number * 10 + (c - '0'));
    }
    return number;
  }
}
