package dev.rollcall.sources;

import java.util.Locale;

/** How a source ended within a view's answer. */
public enum SourceStatus {
  OK,
  /** It has no value for this user, or nothing to ask it with: an answer, not a failure. */
  ABSENT,
  /** It could not be reached, or gave something else than an answer. */
  FAILED,
  TIMEOUT,
  /** It was not asked: its breaker is open, or too many attempts are under way. */
  REFUSED,
  /** Its answer was no longer wanted. */
  CANCELLED,
  /** It was never to be asked. */
  SKIPPED;

  private final String json = name().toLowerCase(Locale.ROOT);

  /** As it stands in an answer. */
  public String json() {
    return json;
  }

  /** Whether it is an answer. */
  public boolean isAnswer() {
    return this == OK || this == ABSENT;
  }
}
