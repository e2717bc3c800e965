package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.SessionUpdates;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.Optional;
import java.util.UUID;

/**
 * Sessions in other nodes' store, which sign their tokens too. Only nodes that say that they serve
 * sessions are asked; where there are none, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteSessions implements Sessions {
  private final NamedCalls calls;

  /**
   * The sessions of a cluster.
   *
   * @param owners those that serve sessions
   */
  RemoteSessions(EventBus bus, OwnerRegistry owners) {
    this.calls = new NamedCalls(bus, owners);
  }

  @Override
  public Future<Optional<IssuedSession>> start(long user, String passwordHash) {
    return calls.send(
        Work.SESSIONS_WRITE,
        NamedCalls.named("start").put("user", user).put("hash", passwordHash),
        answer -> answer.isNull() ? Optional.empty() : Optional.of(WireSessions.issued(answer)));
  }

  @Override
  public Future<IssuedSession> refresh(String refreshToken) {
    return calls.send(
        Work.SESSIONS_WRITE,
        NamedCalls.named("refresh").put("token", refreshToken),
        WireSessions::issued);
  }

  @Override
  public Future<Boolean> end(UUID session) {
    return calls.send(
        Work.SESSIONS_WRITE,
        NamedCalls.named("end").put("session", session.toString()),
        JsonNode::booleanValue);
  }

  @Override
  public Future<SessionUpdates> updates(long since) {
    return calls.send(
        Work.SESSIONS_READ, NamedCalls.named("updates").put("since", since), WireSessions::updates);
  }

  @Override
  public void close() {
    // It has nothing of its own.
  }
}
