package dev.rollcall.access.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.access.Principal;
import dev.rollcall.access.SelfRights;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Those who ask by tokens of sessions, and the sessions that were ended, so that what goes on for
 * them ends too. Ended sessions are kept until their last token has run out. Safe for use by all
 * threads.
 */
final class VerifiedSessions {

  private final Map<UUID, Instant> ended = new ConcurrentHashMap<>();

  /** All that somebody still has, by what is theirs alone. */
  private final Cache<Object, Principal> principals =
      Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

  /** One who asks by a token that was verified; revoked already where its session was ended. */
  Principal add(SelfRights self, long expiresAt) {
    Principal principal = Principal.ofSession(self, expiresAt);
    principals.put(new Object(), principal);
    // After that, so that one of both sees the other.
    if (ended.containsKey(self.session())) {
      principal.revoke();
    }
    return principal;
  }

  /** Sessions have ended. */
  void end(Iterable<EndedSession> sessions) {
    boolean some = false;
    for (EndedSession each : sessions) {
      ended.put(each.id(), each.until());
      some = true;
    }
    if (some) {
      principals.asMap().values().forEach(this::revokeEnded);
    }
  }

  private void revokeEnded(Principal principal) {
    SelfRights self = principal.self();
    if (self != null && ended.containsKey(self.session())) {
      principal.revoke();
    }
  }

  /** Forgets those whose last token has run out. */
  void forget(Instant now) {
    ended.values().removeIf(until -> until.isBefore(now));
  }
}
