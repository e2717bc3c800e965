package dev.rollcall.config.reading;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one setting may be: how its text is read, which values are allowed, and what faults say.
 *
 * @param <T> the setting's type
 */
public final class Rule<T> {
  /** Shown instead of a secret. */
  public static final String HIDDEN = "(not shown)";

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern FRACTION = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,18})?(E-[0-9])?");
  private static final Pattern HOST = Pattern.compile("[\\p{Alnum}._:%\\[\\]-]{1,255}");

  private final Function<String, @Nullable T> parser;

  private final boolean textOnly;
  private final Predicate<T> range;
  private final Function<T, String> display;
  private final String allowed;
  private final boolean secret;

  private Rule(
      Function<String, @Nullable T> parser,
      boolean textOnly,
      Predicate<T> range,
      Function<T, String> display,
      String allowed,
      boolean secret) {
    this.parser = parser;
    this.textOnly = textOnly;
    this.range = range;
    this.display = display;
    this.allowed = allowed;
    this.secret = secret;
  }

  public static Rule<Integer> integer(int min, int max) {
    return scalar(
        text -> INTEGER.matcher(text).matches() ? clamp(Long.parseLong(text)) : null,
        value -> min <= value && value <= max,
        String::valueOf,
        "an integer from " + min + " to " + max);
  }

  /** A size in bytes, between two that are written with their units. */
  public static Rule<Long> size(String least, String most) {
    long min = requireNonNull(Units.size(least));
    long max = requireNonNull(Units.size(most));
    return scalar(
        Units::size,
        value -> min <= value && value <= max,
        Units::show,
        String.format(
            Locale.ROOT,
            "a size from %s to %s (units: B, KiB, MiB, GiB; without one, bytes)",
            Units.show(min),
            Units.show(max)));
  }

  /** A size in bytes of what stands in one array. */
  public static Rule<Integer> bytes(String least, String most) {
    Rule<Long> size = size(least, most);
    return scalar(
        text -> {
          Long value = Units.size(text);
          return value == null ? null : clamp(value);
        },
        value -> size.allows((long) value),
        value -> Units.show((long) value),
        size.allowed);
  }

  /** A duration between two that are written with their units. */
  public static Rule<Duration> duration(String least, String most) {
    Duration min = requireNonNull(Units.duration(least));
    Duration max = requireNonNull(Units.duration(most));
    return scalar(
        Units::duration,
        value -> min.compareTo(value) <= 0 && value.compareTo(max) <= 0,
        Units::show,
        String.format(
            Locale.ROOT, "a duration from %s to %s, with its unit (ms, s, m, h, d)", least, most));
  }

  public static Rule<Boolean> bool() {
    return scalar(
        text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null,
        value -> true,
        String::valueOf,
        "true or false");
  }

  /** A share of a whole. */
  public static Rule<Double> fraction() {
    return scalar(
        text -> FRACTION.matcher(text).matches() ? Double.valueOf(text) : null,
        value -> 0 <= value && value <= 1,
        String::valueOf,
        "a number from 0 to 1");
  }

  /** As {@link #parsed}, of what YAML may take for a number or a truth as well. */
  public static <T> Rule<T> scalar(
      Function<String, @Nullable T> parser,
      Predicate<T> range,
      Function<T, String> display,
      String allowed) {
    return new Rule<>(parser, false, range, display, allowed, false);
  }

  /** A constant of an enum, written in lower case; upper case is read as well. */
  public static <E extends Enum<E>> Rule<E> oneOf(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    Function<E, String> display = constant -> constant.name().toLowerCase(Locale.ROOT);
    return parsed(
        text ->
            constants.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElse(null),
        value -> true,
        display,
        constants.stream()
            .map(display)
            .collect(Collectors.joining(", "))
            .replaceFirst(", ([^,]*)$", " or $1"));
  }

  /** Text that matches as a whole. */
  public static Rule<String> text(Pattern pattern, String what) {
    return parsed(text -> text, value -> pattern.matcher(value).matches(), Faults::quoted, what);
  }

  /**
   * Text in a form of its own.
   *
   * @param parser gives null for a text that is no such value, or throws with what is allowed,
   *     where that says more than {@code what}
   * @param range which values are allowed of those that code can make
   */
  public static <T> Rule<T> parsed(
      Function<String, @Nullable T> parser,
      Predicate<T> range,
      Function<T, String> display,
      String what) {
    return new Rule<>(parser, true, range, display, what, false);
  }

  public static Rule<String> host() {
    return text(HOST, "a host name or an IP address to listen on");
  }

  public static Rule<Path> path(String what) {
    return parsed(
        text -> {
          try {
            return Path.of(text);
          } catch (InvalidPathException notOne) {
            return null;
          }
        },
        value -> !value.toString().isBlank(),
        value -> Faults.quoted(value.toString()),
        what);
  }

  /** The same rule with a reason for its range. */
  public Rule<T> because(String reason) {
    return new Rule<>(parser, textOnly, range, display, allowed + " (" + reason + ")", secret);
  }

  /** The same rule for values that no fault may show. */
  public Rule<T> secret() {
    return new Rule<>(parser, textOnly, range, display, allowed, true);
  }

  /** Reads a scalar; null where it is not allowed. */
  public @Nullable T read(JsonNode node) {
    if (!readable(node)) {
      return null;
    }
    try {
      T value = parser.apply(node.asText());
      return value != null && range.test(value) ? value : null;
    } catch (IllegalArgumentException refused) {
      return null;
    }
  }

  /** What is allowed, as the last part of a fault's line. */
  public String allowed() {
    return allowed;
  }

  /** What is allowed instead of a refused value. */
  public String allowed(JsonNode refused) {
    if (readable(refused)) {
      try {
        var unused = parser.apply(refused.asText());
      } catch (IllegalArgumentException e) {
        return String.valueOf(e.getMessage());
      }
    }
    return allowed;
  }

  private boolean readable(JsonNode node) {
    return node.isValueNode() && !node.isNull() && (!textOnly || node.isTextual());
  }

  public boolean isSecret() {
    return secret;
  }

  public boolean allows(T value) {
    return range.test(value);
  }

  /** A value from code as faults show it. */
  public String shown(T value) {
    return secret ? HIDDEN : display.apply(value);
  }

  /** Throws for a value from code, with the line that it would get in a file. */
  public void check(String key, T value) {
    if (!range.test(value)) {
      throw new IllegalArgumentException(Faults.line(key, shown(value), allowed));
    }
  }

  private static int clamp(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }
}
