package dev.rollcall.users;

import org.jspecify.annotations.Nullable;

/**
 * What a durable write did.
 *
 * @param written the user after the write; null for a deletion
 */
public record WriteOutcome(Kind kind, @Nullable User written) {
  public enum Kind {
    CREATED,
    UPDATED,
    /** The user already was as wanted: version, ETag and feed stay as they were. */
    UNCHANGED,
    DELETED
  }

  /** The user after the write; throws for a deletion. */
  public User user() {
    if (written == null) {
      throw new IllegalStateException("a deletion leaves no user");
    }
    return written;
  }
}
