package dev.rollcall.users;

import org.jspecify.annotations.Nullable;

/**
 * What a write did, told only once it is durable.
 *
 * @param kind what it did
 * @param written the user as the write left it; null for a deletion, and only for that
 */
public record WriteOutcome(Kind kind, @Nullable User written) {

  /** What a write did. */
  public enum Kind {
    CREATED,
    UPDATED,
    /** The user already was as wanted: version, ETag and feed stay as they were. */
    UNCHANGED,
    DELETED
  }

  /** The user as the write left it; not to be asked of a deletion. */
  public User user() {
    if (written == null) {
      throw new IllegalStateException("a deletion leaves no user");
    }
    return written;
  }
}
