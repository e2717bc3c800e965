package dev.rollcall.users;

/**
 * What a write did, told only once it is durable.
 *
 * @param kind what it did
 * @param user the user as the write left it; for a deletion, as it was before
 */
public record WriteOutcome(Kind kind, User user) {

  /** What a write did. */
  public enum Kind {
    CREATED,
    UPDATED,
    /** The user already was as wanted: version, ETag and feed stay as they were. */
    UNCHANGED,
    DELETED
  }
}
