package dev.rollcall.config.auth;

import dev.rollcall.config.reading.ListRule;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.sources.SourceRules;
import java.util.regex.Pattern;

/** The form of the scopes that may be given to a key or an issuer. */
public final class ScopeRules {
  private static final String VIEW_OR_SOURCE = SourceRules.NAME_PATTERN;

  /** {@code self} is none of them: only sessions have it. */
  private static final Pattern FORM =
      Pattern.compile(
          "\\*|users:read|users:write|credentials|jobs|keys|webhooks|ops|views:read"
              + "|views:read:"
              + VIEW_OR_SOURCE
              + "|source:"
              + VIEW_OR_SOURCE
              + "|bus:[\\x21-\\x7e&&[^,]]{1,255}");

  private static final Rule<String> SCOPE =
      Rule.text(
          FORM,
          "a scope: users:read, users:write, credentials, views:read, views:read:VIEW, jobs, keys,"
              + " webhooks, source:NAME, bus:ADDRESS, ops or *");

  static final ListRule<String> SCOPES = new ListRule<>(SCOPE, 1, 100, "scopes");

  private ScopeRules() {}

  /** Whether a text is such a scope. */
  public static boolean isScope(String name) {
    return FORM.matcher(name).matches();
  }
}
