package dev.rollcall.config.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Collects the faults of a configuration, one line each: the key, the value, what is allowed. */
public final class Faults {
  private static final int LONGEST = 80;

  /** The user and password of a URL, up to the last @, which a password may contain. */
  private static final Pattern USER_INFO = Pattern.compile("://[^\\s]*@");

  /** A line, and the keys from whose values it follows. */
  private record Fault(String line, List<String> keys) {}

  /** Thrown by a record with several faults. */
  private static final class Several extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    Several(List<Fault> faults) {
      super(faults.stream().map(Fault::line).collect(Collectors.joining("; ")));
      this.faults = List.copyOf(faults);
    }
  }

  private final List<Fault> faults = new ArrayList<>();

  /** The keys whose values are wrong by themselves. */
  private final Set<String> wrong = new LinkedHashSet<>();

  public static String line(String key, String value, String allowed) {
    return key + ": " + value + ": " + allowed;
  }

  public void add(String key, String value, String allowed) {
    wrong.add(key);
    add(line(key, value, allowed));
  }

  /** Adds a fault that follows from the values of several keys together. */
  public void across(String key, String value, String allowed, String... others) {
    missing(key, value + ": " + allowed, others);
  }

  /** Adds the fault of a key that others make necessary. */
  public void missing(String key, String why, String... others) {
    List<String> keys = new ArrayList<>(List.of(others));
    keys.add(key);
    add(new Fault(key + ": " + why, keys));
  }

  public void add(String line) {
    add(new Fault(line, List.of()));
  }

  private void add(Fault fault) {
    if (!lines().contains(fault.line())) {
      faults.add(fault);
    }
  }

  /**
   * Adds the faults that a record threw, but for those that follow from a key that is wrong by
   * itself: the record has its default, which nobody wrote.
   */
  public void add(IllegalArgumentException thrown) {
    if (thrown instanceof Several several) {
      List<Fault> left =
          several.faults.stream()
              .filter(fault -> fault.keys().stream().noneMatch(this::has))
              .toList();
      left.forEach(this::add);
    } else {
      add(String.valueOf(thrown.getMessage()));
    }
  }

  /** Whether a key, or one below it, is wrong by itself. */
  public boolean has(String key) {
    return wrong.stream().anyMatch(other -> other.equals(key) || other.startsWith(key + "."));
  }

  /**
   * Throws all faults in one {@link IllegalArgumentException}, for records that check themselves.
   */
  public void throwIfAny() {
    if (!faults.isEmpty()) {
      throw new Several(faults);
    }
  }

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  public List<String> lines() {
    return faults.stream().map(Fault::line).toList();
  }

  /** A value as the file has it: text in quotes, the rest bare. */
  public static String shown(JsonNode node) {
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

  /** Text in quotes, with control characters escaped. */
  public static String quoted(String text) {
    return '"' + shortened(text).replace("\"", "\\\"") + '"';
  }

  /** Text for a line: cut where it is long, without passwords of URLs, and escaped. */
  public static String shortened(String given) {
    String text = USER_INFO.matcher(given).replaceAll("://…@");
    boolean whole = text.codePointCount(0, text.length()) <= LONGEST;
    return whole
        ? escaped(text)
        : escaped(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "…";
  }

  /** Text with all that could end a line escaped. */
  public static String escaped(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }
}
