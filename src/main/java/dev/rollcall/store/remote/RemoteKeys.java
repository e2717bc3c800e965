package dev.rollcall.store.remote;

import static dev.rollcall.store.remote.NamedCalls.named;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.NewKey;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The keys of other nodes' store. Only nodes that say that they serve keys are asked, since those
 * of the version before do not; where there are no others, calls fail with {@code UNAVAILABLE}.
 *
 * @param calls of the nodes that serve keys
 */
record RemoteKeys(NamedCalls calls) implements KeyStore {
  @Override
  public Future<Long> keyRevision() {
    return calls.read(named("revision"), JsonNode::longValue);
  }

  @Override
  public Future<List<ApiKey>> keys(long after, int limit) {
    return calls.read(named("keys").put("after", after).put("limit", limit), WireKeys::keys);
  }

  @Override
  public Future<ApiKey> addKey(NewKey key) {
    ObjectNode request = named("add");
    request.set("key", WireKeys.encode(key));
    return calls.write(request, WireKeys::key);
  }

  @Override
  public Future<Boolean> deleteKey(long id) {
    return calls.write(named("delete").put("id", id), JsonNode::booleanValue);
  }

  @Override
  public Future<Void> keysUsed(Map<Long, Instant> lastUsedAt) {
    ObjectNode request = named("used");
    request.set("uses", WireKeys.encode(lastUsedAt));
    return calls.write(request, done -> done).mapEmpty();
  }
}
