package dev.rollcall.http.server;

import java.util.Set;

/**
 * The target of a request as the access log shows it: a log is kept for longer than a user is, and
 * read by others, so who was looked for does not stand in it. Of a query there are the names of its
 * parameters and the values that say nothing about a person; of a path all but segments that look
 * like an e-mail address.
 */
final class LoggedTarget {

  private static final String HIDDEN = "*";
  private static final int LONGEST_NAME = 32;
  private static final int LONGEST_VALUE = 64;

  /** Parameters whose values are numbers, cursors and names of the configuration. */
  private static final Set<String> SHOWN = Set.of("limit", "after", "id", "mode");

  private LoggedTarget() {}

  /** What to show of a target; the target itself where there is nothing to hide. */
  static String of(String target) {
    int end = endOfPath(target);
    boolean clean = end == target.length() && !looksLikeEmail(target);
    if (clean) {
      return target;
    }
    StringBuilder shown = new StringBuilder(target.length());
    addPath(shown, target.substring(0, end));
    if (end < target.length()) {
      shown.append(target.charAt(end));
      addQuery(shown, target.substring(end + 1));
    }
    return shown.toString();
  }

  /** What to show of its path alone. */
  static String pathOf(String target) {
    return of(target.substring(0, endOfPath(target)));
  }

  private static int endOfPath(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return target.length();
  }

  private static boolean looksLikeEmail(String text) {
    // Encoded any number of times over, it ends in 40.
    return text.indexOf('@') >= 0 || (text.contains("%") && text.contains("40"));
  }

  private static void addPath(StringBuilder shown, String path) {
    if (!looksLikeEmail(path)) {
      shown.append(path);
      return;
    }
    String[] segments = path.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      shown.append(i == 0 ? "" : "/").append(looksLikeEmail(segments[i]) ? HIDDEN : segments[i]);
    }
  }

  private static void addQuery(StringBuilder shown, String query) {
    String[] parameters = query.split("&", -1);
    for (int i = 0; i < parameters.length; i++) {
      shown.append(i == 0 ? "" : "&");
      int equals = parameters[i].indexOf('=');
      String name = equals < 0 ? parameters[i] : parameters[i].substring(0, equals);
      shown.append(isPlain(name, LONGEST_NAME) ? name : HIDDEN);
      if (equals >= 0) {
        String value = parameters[i].substring(equals + 1);
        boolean open = SHOWN.contains(name) && isPlain(value, LONGEST_VALUE);
        shown.append('=').append(open ? value : HIDDEN);
      }
    }
  }

  private static boolean isPlain(String text, int longest) {
    return text.length() <= longest
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '_'
                        || c == '-');
  }
}
