package dev.rollcall.users;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the change feed.
 *
 * @param seq ascending in the order of the commits, with gaps
 * @param kind what happened
 * @param id whose
 * @param version the version that the write left, or removed
 * @param at when, to the millisecond
 * @param user the user's JSON as the write left it; null for a deletion, and for all earlier
 *     changes of a user who was deleted since
 */
public record Change(
    long seq, Kind kind, long id, long version, Instant at, @Nullable String user) {

  /** What a change did. The words are part of the contract, the order is part of the schema. */
  public enum Kind {
    CREATED("created"),
    UPDATED("updated"),
    DELETED("deleted");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The kind as clients read it. */
    public String word() {
      return word;
    }
  }
}
