package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The erasures of other nodes' store. Only nodes that say that they serve erasures are asked; where
 * there are no others, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteErasures implements Erasures {
  private final NamedCalls calls;

  /**
   * The erasures of a cluster.
   *
   * @param owners those that serve erasures
   */
  RemoteErasures(EventBus bus, OwnerRegistry owners) {
    this.calls = new NamedCalls(bus, owners);
  }

  @Override
  public Future<JsonNode> start(long user, @Nullable String by) {
    return calls.send(
        Work.ERASURES_WRITE,
        NamedCalls.named("start").put("user", user).put("by", by),
        answer -> answer);
  }

  @Override
  public Future<JsonNode> get(long id) {
    return calls.send(Work.ERASURES_READ, NamedCalls.named("get").put("id", id), answer -> answer);
  }

  @Override
  public Future<String> receipt(long id) {
    return calls.send(
        Work.ERASURES_READ,
        NamedCalls.named("receipt").put("id", id),
        answer -> Objects.requireNonNull(answer.textValue()));
  }
}
