package dev.rollcall.config.reading;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text in which each reference, a name in braces after a dollar sign, was replaced by what the
 * environment holds. A doubled dollar sign stands for a single one that begins no reference.
 *
 * @param text the text with each reference replaced; null where that failed
 * @param fault what is wrong with a reference; null where nothing is
 * @param replaced whether the text holds something of the environment, which may be a secret
 */
record References(@Nullable String text, @Nullable String fault, boolean replaced) {

  private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^}]*)(}?)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  static References resolve(String text, Map<String, String> env) {
    if (!text.contains("${")) {
      return new References(text, null, false);
    }
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    boolean replaced = false;
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
      replaced = true;
      done = matcher.end();
    }
    return new References(result.append(text.substring(done)).toString(), null, replaced);
  }

  private static References failed(String fault) {
    return new References(null, fault, false);
  }
}
