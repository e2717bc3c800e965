package dev.rollcall.config.sources;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The variables of URLs and bodies: {@code id}, {@code user.email}, {@code account.companyId}. */
public final class Variables {
  static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");

  static final String ALLOWED =
      "variables are {id}, {user.…} with a member of users ({user.email}, {user.attributes.a.b}),"
          + " or {source.…} with a member of its answer ({account.companyId})";

  private static final String NAMES = "(?:\\.[^.{}\\p{Z}\\p{Cc}]+)";
  private static final Pattern VARIABLE =
      Pattern.compile(
          "id|user\\.(?:id|name|email|version|createdAt|updatedAt|attributes"
              + NAMES
              + "+)|(?!(?:id|user)\\.)"
              + SourceRules.NAME_PATTERN
              + NAMES
              + "+");

  private Variables() {}

  static boolean isOne(String text) {
    return VARIABLE.matcher(text).matches();
  }

  /** The sources whose answers are used. */
  static Set<String> sources(Set<String> variables) {
    Set<String> sources = new LinkedHashSet<>();
    for (String variable : variables) {
      String root = variable.split("\\.", 2)[0];
      if (!root.equals("id") && !root.equals("user")) {
        sources.add(root);
      }
    }
    return sources;
  }

  /**
   * The name under which the value of a variable is kept as JSON, beside its text under its own:
   * with braces, which no variable has.
   */
  public static String asJson(String variable) {
    return "{" + variable + "}";
  }
}
