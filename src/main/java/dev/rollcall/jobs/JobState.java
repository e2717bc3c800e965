package dev.rollcall.jobs;

import java.util.Locale;

/** Where a job stands. */
public enum JobState {
  /** It waits for its turn. */
  QUEUED,
  RUNNING,
  /** It went through all its users, whatever became of each. */
  SUCCEEDED,
  /** It could not go on. */
  FAILED,
  CANCELLED,
  /** Its process stopped; it waits to be continued, ahead of those that are queued. */
  INTERRUPTED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it stands in JSON and in the store. */
  public String word() {
    return word;
  }

  /** The state of that word, which {@link #word} gave. */
  public static JobState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether nothing more will come of it. */
  public boolean isEnd() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }
}
