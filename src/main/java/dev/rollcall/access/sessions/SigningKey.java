package dev.rollcall.access.sessions;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs tokens of sessions (Ed25519), as a store keeps it. Immutable, as long as nobody
 * writes to its bytes.
 *
 * @param id from 1 on, in the order in which they were made
 * @param name what tokens call it ({@code kid})
 * @param publicKey 32 bytes
 * @param privateKey encrypted by {@code auth.secret}; empty where it stays with others
 * @param createdAt from when on it is published
 * @param usedFrom from when on it signs
 * @param until to when it is published; null for as long as there is no other one
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record SigningKey(
    long id,
    String name,
    byte[] publicKey,
    byte[] privateKey,
    Instant createdAt,
    Instant usedFrom,
    @Nullable Instant until) {

  /** Without what only owners know. */
  SigningKey published() {
    return new SigningKey(id, name, publicKey, new byte[0], createdAt, usedFrom, until);
  }

  /** Whether tokens that it signed may still hold. */
  boolean isPublished(Instant now) {
    Instant end = until;
    return end == null || now.isBefore(end);
  }

  @Override
  public String toString() {
    return "SigningKey[" + name + "]";
  }
}
