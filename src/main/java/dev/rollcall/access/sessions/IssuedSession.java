package dev.rollcall.access.sessions;

import java.time.Instant;
import java.util.UUID;

/**
 * A session with a pair of tokens, which are nowhere else.
 *
 * @param token a JWT
 * @param expiresAt when {@code token} does, to the second
 * @param refreshToken for the next pair
 * @param refreshExpiresAt when {@code refreshToken} does, to the millisecond
 */
public record IssuedSession(
    UUID id,
    long user,
    String token,
    Instant expiresAt,
    String refreshToken,
    Instant refreshExpiresAt) {
  /** Without the tokens. */
  @Override
  public String toString() {
    return "IssuedSession[" + id + "]";
  }
}
