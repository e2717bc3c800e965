package dev.rollcall.access.sessions;

import java.util.List;

/**
 * What is new about sessions.
 *
 * @param revision up to which it goes; the same as was asked for where nothing is new, and the
 *     lists are empty then
 * @param keys all that there are
 * @param ended those that ended since
 */
public record SessionUpdates(long revision, List<SigningKey> keys, List<EndedSession> ended) {
  public SessionUpdates {
    keys = List.copyOf(keys);
    ended = List.copyOf(ended);
  }

  /** Without what only owners know. */
  SessionUpdates published() {
    return new SessionUpdates(revision, keys.stream().map(SigningKey::published).toList(), ended);
  }
}
