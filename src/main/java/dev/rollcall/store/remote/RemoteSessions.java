package dev.rollcall.store.remote;

import static dev.rollcall.store.remote.NamedCalls.named;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.SessionUpdates;
import dev.rollcall.access.sessions.Sessions;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;

/**
 * Sessions in other nodes' store, which sign their tokens too. Only nodes that say that they serve
 * sessions are asked; where there are none, calls fail with {@code UNAVAILABLE}.
 *
 * @param calls of the nodes that serve sessions
 */
record RemoteSessions(NamedCalls calls) implements Sessions {
  @Override
  public Future<Optional<IssuedSession>> start(long user, String passwordHash) {
    return calls.write(
        named("start").put("user", user).put("hash", passwordHash),
        answer -> answer.isNull() ? Optional.empty() : Optional.of(WireSessions.issued(answer)));
  }

  @Override
  public Future<IssuedSession> refresh(String refreshToken) {
    return calls.write(named("refresh").put("token", refreshToken), WireSessions::issued);
  }

  @Override
  public Future<Boolean> end(UUID session) {
    return calls.write(named("end").put("session", session.toString()), JsonNode::booleanValue);
  }

  @Override
  public Future<SessionUpdates> updates(long since) {
    return calls.read(named("updates").put("since", since), WireSessions::updates);
  }

  @Override
  public void close() {
    // It has nothing of its own.
  }
}
