package dev.rollcall.access.sessions;

import dev.rollcall.access.KeyHash;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session as a store keeps it.
 *
 * @param number of its current refresh token
 * @param hash of its current refresh token
 * @param refreshedAt when it got that
 * @param expiresAt when that expires
 * @param tokensUntil when the last of its tokens runs out
 */
public record StoredSession(
    UUID id,
    long user,
    int number,
    KeyHash hash,
    Instant createdAt,
    Instant refreshedAt,
    Instant expiresAt,
    Instant tokensUntil) {

  /**
   * So long a refresh token gives the next one again, for a client that uses it twice at once, or
   * that did not get the answer.
   */
  static final Duration GRACE = Duration.ofSeconds(10);

  /** What a refresh token leads to. */
  public enum Outcome {
    /** It was the current one: the next one is, from now on. */
    NEXT,
    /** It was the current one a moment ago: the next one is given again. */
    AGAIN,
    /** It was used before: whoever has it is not the only one, so the session is to end. */
    USED_BEFORE,
    /** There is no such session any more. */
    ENDED
  }

  /** The session after it was refreshed. */
  public StoredSession refreshed(Refresh by) {
    return new StoredSession(
        id,
        user,
        by.number() + 1,
        by.next(),
        createdAt,
        by.now(),
        by.expiresAt(),
        later(by.tokensUntil()));
  }

  /** The session, after the same was given again: a further token of it may hold for longer. */
  public StoredSession repeated(Refresh by) {
    return new StoredSession(
        id, user, number, hash, createdAt, refreshedAt, expiresAt, later(by.tokensUntil()));
  }

  private Instant later(Instant other) {
    return other.isAfter(tokensUntil) ? other : tokensUntil;
  }

  /** What a refresh token of this session leads to; decided within a transaction. */
  public Outcome on(Refresh by) {
    if (!by.now().isBefore(expiresAt)) {
      return Outcome.ENDED;
    }
    if (by.number() == number && by.hash().equals(hash)) {
      return Outcome.NEXT;
    }
    boolean before = by.number() + 1 == number && by.next().equals(hash);
    return before && !by.now().isAfter(refreshedAt.plus(GRACE))
        ? Outcome.AGAIN
        : Outcome.USED_BEFORE;
  }

  /**
   * A refresh token that was presented, and what it would lead to.
   *
   * @param session to which it belongs, as it proves
   * @param number its own
   * @param hash its own
   * @param next the hash of the one that follows upon it
   * @param expiresAt when that one would expire
   * @param tokensUntil when a JWT of now runs out
   */
  public record Refresh(
      UUID session,
      int number,
      KeyHash hash,
      KeyHash next,
      Instant now,
      Instant expiresAt,
      Instant tokensUntil) {}

  /**
   * What came of it.
   *
   * @param session as it is now; only of meaning for {@code NEXT} and {@code AGAIN}
   */
  public record Refreshed(Outcome outcome, @Nullable StoredSession session) {}
}
