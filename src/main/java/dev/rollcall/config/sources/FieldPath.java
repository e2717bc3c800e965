package dev.rollcall.config.sources;

import dev.rollcall.config.reading.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a field of a source's value stands in its answer: {@code address.city}, {@code labels.0},
 * {@code labels[].name}.
 *
 * @param text as it is written
 * @param steps names of members or positions, and {@link #EACH} for each element of an array
 */
public record FieldPath(String text, List<String> steps) {
  /** The step to each element, which is no member's name. */
  public static final String EACH = "[]";

  /** The most fields of a source. */
  static final int MOST = 64;

  private static final int MOST_STEPS = 32;
  private static final String NAMES = "[^.\\[\\]{}\\p{Z}\\p{C}]";

  static final Rule<String> NAME =
      Rule.text(
          Pattern.compile(NAMES + "{1,100}"),
          "the name of a field: 1 to 100 characters, without spaces, dots, brackets and braces");

  static final Rule<FieldPath> RULE =
      Rule.parsed(
          FieldPath::parse,
          path -> path.equals(parse(path.text())),
          FieldPath::toString,
          "where it stands in the answer: 1 to "
              + MOST_STEPS
              + " members and positions joined by dots, [] for each element,"
              + " such as address.city, labels.0 or labels[].name");

  /** A member or position with the brackets behind it, or brackets alone. */
  private static final Pattern SEGMENT =
      Pattern.compile("(" + NAMES + "{1,100})?((?:\\[])*)(?:\\.|$)");

  /** The steps of each, by the same names and in the same order. */
  public static Map<String, List<String>> steps(Map<String, FieldPath> paths) {
    Map<String, List<String>> steps = new LinkedHashMap<>();
    paths.forEach((name, path) -> steps.put(name, path.steps()));
    return steps;
  }

  public FieldPath {
    steps = List.copyOf(steps);
  }

  /** Null for a text that is none. */
  static @Nullable FieldPath parse(String text) {
    List<String> steps = new ArrayList<>();
    Matcher segment = SEGMENT.matcher(text);
    int done = 0;
    while (done < text.length() && segment.find(done) && segment.start() == done) {
      String name = segment.group(1);
      if (name != null) {
        steps.add(name);
      }
      String each = String.valueOf(segment.group(2));
      if (name == null && each.isEmpty()) {
        return null;
      }
      for (int i = 0; i < each.length(); i += EACH.length()) {
        steps.add(EACH);
      }
      done = segment.end();
    }
    boolean whole = done == text.length() && !text.endsWith(".");
    return whole && !steps.isEmpty() && steps.size() <= MOST_STEPS
        ? new FieldPath(text, steps)
        : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
