package dev.rollcall.config.reading;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text with its references <code>${NAME}</code> replaced by variables of the environment; <code>$${
 * </code> is a literal <code>${</code>.
 *
 * @param text null where a reference is at fault
 * @param fault null where none is
 */
record References(@Nullable String text, @Nullable String fault) {
  private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^}]*)(}?)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  static References resolve(String text, Map<String, String> env) {
    if (!text.contains("${")) {
      return new References(text, null);
    }
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    int done = 0;
    while (matcher.find(done)) {
      result.append(text.substring(done, matcher.start()));
      if (!matcher.group(1).isEmpty()) {
        result.append("${");
        done = matcher.end(1) + 2;
        continue;
      }
      String name = matcher.group(2);
      String value = env.get(name);
      if (matcher.group(3).isEmpty() || !NAME.matcher(name).matches()) {
        return failed(
            "${ begins the name of an environment variable and } ends it; $${ is a literal ${");
      }
      if (value == null) {
        return failed("the environment variable " + name + " must be set");
      }
      result.append(value);
      done = matcher.end();
    }
    return new References(result.append(text.substring(done)).toString(), null);
  }

  private static References failed(String fault) {
    return new References(null, fault);
  }
}
