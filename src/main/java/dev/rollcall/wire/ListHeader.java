package dev.rollcall.wire;

import io.vertx.core.MultiMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A header with a list of members, separated by commas, that is passed on within bounds. Several
 * headers of the name are one list.
 *
 * @param mostThere a list of more members is malformed
 * @param mostKept how many members are passed on, from the first
 * @param longest characters that are passed on, with commas
 */
record ListHeader(Predicate<String> isMember, int mostThere, int mostKept, int longest) {
  // No group repeats, since that would need much stack.
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
  private static final String VALUE = "[!#-+\\--:<-\\[\\]-~]*+";

  private static final Predicate<String> STATE =
      Pattern.compile(
              "(?:[a-z0-9][a-z0-9_*/-]{0,255}"
                  + "|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
                  + "=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]")
          .asMatchPredicate();

  private static final Predicate<String> KEY = Pattern.compile(TOKEN).asMatchPredicate();

  private static final Predicate<String> KEY_AND_VALUE =
      Pattern.compile(TOKEN + "[ \\t]*+=[ \\t]*+" + VALUE).asMatchPredicate();

  /** W3C Trace Context, 3.3: malformed with more than 32 members. */
  static final ListHeader TRACESTATE = new ListHeader(STATE, 32, 32, 512);

  /** W3C Baggage, 3.2 and 3.3.2: only 64 members and 8,192 bytes need be passed on. */
  static final ListHeader BAGGAGE =
      new ListHeader(ListHeader::isBaggage, Integer.MAX_VALUE, 64, 8192);

  /** A key with its value, and properties, which may lack a value. */
  private static boolean isBaggage(String text) {
    String[] parts = text.split(";", -1);
    boolean formed = KEY_AND_VALUE.test(parts[0].stripTrailing());
    for (int i = 1; formed && i < parts.length; i++) {
      String property = parts[i].strip();
      formed = KEY.test(property) || KEY_AND_VALUE.test(property);
    }
    return formed;
  }

  /** The members to pass on; null when there are none, or one is malformed. */
  @Nullable String of(MultiMap headers, String name) {
    if (!headers.contains(name)) {
      return null;
    }
    StringBuilder kept = new StringBuilder();
    int members = 0;
    boolean fits = true;
    for (String value : headers.getAll(name)) {
      for (String text : value.split(",", -1)) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
          continue;
        }
        if (++members > mostThere || !isMember.test(trimmed)) {
          return null;
        }
        String separator = kept.isEmpty() ? "" : ",";
        int length = kept.length() + separator.length() + trimmed.length();
        fits = fits && members <= mostKept && length <= longest;
        if (fits) {
          kept.append(separator).append(trimmed);
        }
      }
    }
    return kept.isEmpty() ? null : kept.toString();
  }
}
