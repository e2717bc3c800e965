package dev.rollcall.jobs;

import java.util.Locale;

/**
 * What a job does, apart from the ids that it does it for.
 *
 * @param name of the view, or of the source
 * @param all whether it is for all users that were there when it was started
 * @param concurrency how many users are at work at once
 */
public record JobSpec(Kind kind, String name, boolean all, int concurrency) {
  /** The kinds of jobs. */
  public enum Kind {
    /** Fetches a view of each user. */
    FETCH("view"),
    /** Fetches each user from a source, and stores it. */
    IMPORT("source");

    private final String word = name().toLowerCase(Locale.ROOT);
    private final String of;

    Kind(String of) {
      this.of = of;
    }

    /** As it stands in JSON and in the store. */
    public String word() {
      return word;
    }

    /** The member that names what is asked. */
    String of() {
      return of;
    }

    /** The kind of that word, which {@link #word} gave. */
    public static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
