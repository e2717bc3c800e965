package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.NewKey;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The keys of other nodes' store. Only nodes that say that they serve keys are asked, since those
 * of the version before do not; where there are no others, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteKeys implements KeyStore {
  private final NamedCalls calls;

  /**
   * The keys of a cluster.
   *
   * @param owners those that serve keys
   */
  RemoteKeys(EventBus bus, OwnerRegistry owners) {
    this.calls = new NamedCalls(bus, owners);
  }

  @Override
  public Future<Long> keyRevision() {
    return calls.send(Work.KEYS_READ, NamedCalls.named("revision"), JsonNode::longValue);
  }

  @Override
  public Future<List<ApiKey>> keys(long after, int limit) {
    return calls.send(
        Work.KEYS_READ,
        NamedCalls.named("keys").put("after", after).put("limit", limit),
        WireKeys::keys);
  }

  @Override
  public Future<ApiKey> addKey(NewKey key) {
    ObjectNode request = NamedCalls.named("add");
    request.set("key", WireKeys.encode(key));
    return calls.send(Work.KEYS_WRITE, request, WireKeys::key);
  }

  @Override
  public Future<Boolean> deleteKey(long id) {
    return calls.send(
        Work.KEYS_WRITE, NamedCalls.named("delete").put("id", id), JsonNode::booleanValue);
  }

  @Override
  public Future<Void> keysUsed(Map<Long, Instant> lastUsedAt) {
    ObjectNode request = NamedCalls.named("used");
    request.set("uses", WireKeys.encode(lastUsedAt));
    return calls.send(Work.KEYS_WRITE, request, done -> done).mapEmpty();
  }
}
