package dev.rollcall.config.reading;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a setting of several values may be: what each is, and how many there are. None stands twice.
 *
 * @param each what each value may be
 * @param least how many there are at least, where the setting is given
 * @param most how many there are at most
 * @param what the values are, in the plural
 * @param separator what stands between them where they are one text
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

  /** What is allowed, as the last part of a fault's line. */
  public String allowed() {
    return String.format(Locale.ROOT, "%d to %d %s", least, most, what);
  }

  /** A number of values, as a fault shows it. */
  public static String counted(int count) {
    return count == 0 ? "an empty list" : count + " of them";
  }

  /** Refuses values that come from code, with the line that they would get in a file. */
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
