package dev.rollcall;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page shows that something prints, to be compared with what it prints.
 *
 * <p>An ellipsis stands for any text of its line, and for any lines where it is a line of its own.
 * Times, durations and the ids of requests differ from one run to the next.
 */
final class ShownOutput {

  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";
  private static final String ANY =
      "…|"
          + TIME
          + "|(?<=\"(?:ms|rate|secondsLeft)\":)[\\d.]+"
          + "|(?<=;dur=)[\\d.]+"
          + "|(?<=no answer within )\\d+"
          + "|(?<=x-request-id: )\\S+"
          + "|(?<=\"requestId\":\")[^\"]+";

  private ShownOutput() {}

  /** What prints the like. */
  static Pattern pattern(String shown) {
    StringBuilder pattern = new StringBuilder();
    Matcher variable = Pattern.compile(ANY).matcher(shown);
    int from = 0;
    while (variable.find()) {
      pattern.append(Pattern.quote(shown.substring(from, variable.start())));
      pattern.append(like(shown, variable));
      from = variable.end();
    }
    return Pattern.compile(pattern.append(Pattern.quote(shown.substring(from))).toString());
  }

  private static String like(String shown, Matcher variable) {
    String text = variable.group();
    if (text.equals("…")) {
      boolean begins = variable.start() == 0 || shown.charAt(variable.start() - 1) == '\n';
      boolean ends = variable.end() == shown.length() || shown.charAt(variable.end()) == '\n';
      return begins && ends ? "(?s:.*)" : ".*";
    }
    return text.matches(TIME) ? TIME : text.matches("[\\d.]+") ? "[\\d.]+" : "[\\w-]+";
  }
}
