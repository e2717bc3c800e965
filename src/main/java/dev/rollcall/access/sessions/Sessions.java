package dev.rollcall.access.sessions;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;

/**
 * Sessions, as a node with a store carries them out, and others ask it to. Safe for use by all
 * threads; futures complete on the context of the caller, and fail with a {@link
 * dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 */
public interface Sessions {
  /**
   * Begins a session.
   *
   * @param passwordHash that was verified
   * @return empty where the user is gone or has another password by now
   */
  Future<Optional<IssuedSession>> start(long user, String passwordHash);

  /** Gives the next pair of tokens; fails with {@code UNAUTHORIZED} where there is none. */
  Future<IssuedSession> refresh(String refreshToken);

  /** Ends a session; false where there is none of this id. */
  Future<Boolean> end(UUID session);

  /** What is new since a revision, without the private keys. */
  Future<SessionUpdates> updates(long since);

  /** Looks after keys and sessions no longer. */
  void close();
}
