package dev.rollcall.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as a store keeps it: of the secret text, its hash alone. Immutable.
 *
 * @param name what people call it
 * @param createdAt to the millisecond
 * @param expiresAt to the millisecond; null for one that does not expire
 * @param lastUsedAt right to a minute; null for one that was never used
 * @param by who made it; null where nobody was asked
 */
public record ApiKey(
    long id,
    String name,
    Scopes scopes,
    KeyHash hash,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable String by) {
  /** What the names of keys as principals begin with, before the id. */
  public static final String PRINCIPAL = "key:";

  /** What changes say who made them, where this key asks. */
  public String principal() {
    return PRINCIPAL + id;
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return principal();
  }
}
