package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.SessionUpdates;
import dev.rollcall.access.sessions.Sessions;
import dev.rollcall.base.Cancellation;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Sessions in other nodes' store, which sign their tokens too. Only nodes that say that they serve
 * sessions are asked; where there are none, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteSessions implements Sessions {
  private final EventBus bus;
  private final OwnerRegistry owners;

  /**
   * The sessions of a cluster.
   *
   * @param owners those that serve sessions
   */
  RemoteSessions(EventBus bus, OwnerRegistry owners) {
    this.bus = bus;
    this.owners = owners;
  }

  @Override
  public Future<Optional<IssuedSession>> start(long user, String passwordHash) {
    return call(
        Work.SESSIONS_WRITE,
        named("start").put("user", user).put("hash", passwordHash),
        answer -> answer.isNull() ? Optional.empty() : Optional.of(WireSessions.issued(answer)));
  }

  @Override
  public Future<IssuedSession> refresh(String refreshToken) {
    return call(
        Work.SESSIONS_WRITE, named("refresh").put("token", refreshToken), WireSessions::issued);
  }

  @Override
  public Future<Boolean> end(UUID session) {
    return call(
        Work.SESSIONS_WRITE,
        named("end").put("session", session.toString()),
        JsonNode::booleanValue);
  }

  @Override
  public Future<SessionUpdates> updates(long since) {
    return call(Work.SESSIONS_READ, named("updates").put("since", since), WireSessions::updates);
  }

  @Override
  public void close() {
    // It has nothing of its own.
  }

  private static ObjectNode named(String call) {
    return JsonNodeFactory.instance.objectNode().put("call", call);
  }

  private <T> Future<T> call(Work work, ObjectNode request, Function<JsonNode, T> reader) {
    Buffer text = Buffer.buffer(request.toString());
    OwnerCall call = new OwnerCall(bus, owners, text, work, new Cancellation());
    return call.send().map(reply -> call.answer(reply, reader));
  }
}
