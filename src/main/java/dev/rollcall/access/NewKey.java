package dev.rollcall.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that is to be kept. Of the secret text it has the hash alone. Immutable.
 *
 * @param createdAt to the millisecond
 * @param expiresAt to the millisecond; null for one that does not expire
 * @param by who makes it; null where nobody was asked
 */
public record NewKey(
    String name,
    Scopes scopes,
    KeyHash hash,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable String by) {
  /** The key that it becomes. */
  public ApiKey withId(long id) {
    return new ApiKey(id, name, scopes, hash, createdAt, expiresAt, null, by);
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "a key named " + name;
  }
}
