package dev.rollcall.config.reading;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rule of a setting with several distinct values.
 *
 * @param each the rule of each value
 * @param least how many there must be where the setting is given
 * @param most how many there may be
 * @param what names the values, in the plural
 * @param separator between them where they are one text
 */
public record ListRule<T>(Rule<T> each, int least, int most, String what, Pattern separator) {
  public static final String ONCE = "each of them once";
  private static final Pattern COMMA = Pattern.compile(",");

  public ListRule(Rule<T> each, int least, int most, String what) {
    this(each, least, most, what, COMMA);
  }

  public boolean allows(int count) {
    return least <= count && count <= most;
  }

  public String allowed() {
    return String.format(Locale.ROOT, "%d to %d %s", least, most, what);
  }

  public static String counted(int count) {
    return count == 0 ? "an empty list" : count + " of them";
  }

  /** Throws for values from code, with the line that they would get in a file. */
  public void check(String key, List<T> values) {
    if (!allows(values.size())) {
      throw new IllegalArgumentException(Faults.line(key, counted(values.size()), allowed()));
    }
    Set<T> seen = new HashSet<>();
    for (T value : values) {
      each.check(key, value);
      if (!seen.add(value)) {
        throw new IllegalArgumentException(Faults.line(key, each.shown(value), ONCE));
      }
    }
  }
}
