package dev.rollcall.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Collects faults, and says them alike: the key, the value, what is allowed; one line each. */
final class Faults {
  private static final int LONGEST = 80;

  private final List<String> lines = new ArrayList<>();

  static String line(String key, String value, String allowed) {
    return key + ": " + value + ": " + allowed;
  }

  void add(String key, String value, String allowed) {
    add(line(key, value, allowed));
  }

  /** Adds a line as it is. */
  void add(String line) {
    if (!lines.contains(line)) {
      lines.add(line);
    }
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** A value as the file has it: text in quotes, the rest bare. */
  static String shown(JsonNode node) {
    if (node.isNull()) {
      return "nothing";
    }
    if (node.isObject()) {
      return "a section";
    }
    if (node.isArray()) {
      return "a list";
    }
    return node.isTextual() ? quoted(node.asText()) : shortened(node.asText());
  }

  /** Text in quotes, with control characters escaped, since a fault is one line. */
  static String quoted(String text) {
    return '"' + shortened(text).replace("\"", "\\\"") + '"';
  }

  /** Text of somebody's making, cut where it is long, and made fit for a line. */
  static String shortened(String text) {
    boolean whole = text.codePointCount(0, text.length()) <= LONGEST;
    return whole
        ? escaped(text)
        : escaped(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "…";
  }

  /** Text with what could end a line escaped. */
  static String escaped(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                line.append("\\u%04x".formatted(c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }
}
