package dev.rollcall.store.remote;

import static dev.rollcall.store.remote.NamedCalls.named;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.followers.erasures.Erasures;
import io.vertx.core.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The erasures of other nodes' store. Only nodes that say that they serve erasures are asked; where
 * there are no others, calls fail with {@code UNAVAILABLE}.
 *
 * @param calls of the nodes that serve erasures
 */
record RemoteErasures(NamedCalls calls) implements Erasures {
  @Override
  public Future<JsonNode> start(long user, @Nullable String by) {
    return calls.write(named("start").put("user", user).put("by", by), answer -> answer);
  }

  @Override
  public Future<JsonNode> get(long id) {
    return calls.read(named("get").put("id", id), answer -> answer);
  }

  @Override
  public Future<String> receipt(long id) {
    return calls.read(
        named("receipt").put("id", id), answer -> Objects.requireNonNull(answer.textValue()));
  }
}
