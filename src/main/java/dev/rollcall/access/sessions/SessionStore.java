package dev.rollcall.access.sessions;

import dev.rollcall.access.sessions.StoredSession.Refresh;
import dev.rollcall.access.sessions.StoredSession.Refreshed;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Where sessions and the keys of their tokens are kept: the store of users, whose writes end
 * sessions too, in the same transaction: setting a password, and deleting a user.
 *
 * <p>Safe for use by all threads; futures complete on the context of the caller, and fail with a
 * {@link dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 */
public interface SessionStore {
  /** So many sessions a user may have; one more ends the one that was not refreshed for longest. */
  int MOST = 100;

  /**
   * Everything that is new since a revision, on whatever node it happened.
   *
   * @param since 0 for everything
   */
  Future<SessionUpdates> updates(long since);

  /**
   * Adds a key, unless there is one that its maker does not know; the keys before it are published
   * for as long as their tokens hold.
   *
   * @param key whose id is one above the newest that its maker knows
   * @param lifetime of tokens
   * @return whether it was added
   */
  Future<Boolean> addSigningKey(SigningKey key, Duration lifetime);

  /**
   * Begins a session, unless the user is gone or has another password by now; a repeated call does
   * it once.
   *
   * @param passwordHash that was verified
   * @return whether it has begun
   */
  Future<Boolean> start(StoredSession session, String passwordHash);

  /** Refreshes a session, or ends it, as {@link StoredSession#on} says. */
  Future<Refreshed> refresh(Refresh token);

  /** Ends a session; false where there is none of this id. */
  Future<Boolean> end(UUID session);

  /** Removes what is of no use any more: sessions and keys whose last token has run out. */
  Future<Void> prune(Instant now);
}
