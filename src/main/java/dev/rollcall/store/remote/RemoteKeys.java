package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyStore;
import dev.rollcall.access.NewKey;
import dev.rollcall.base.Cancellation;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The keys of other nodes' store. Only nodes that say that they serve keys are asked, since those
 * of the version before do not; where there are no others, calls fail with {@code UNAVAILABLE}.
 */
final class RemoteKeys implements KeyStore {
  private final EventBus bus;
  private final OwnerRegistry owners;

  /**
   * The keys of a cluster.
   *
   * @param owners those that serve keys
   */
  RemoteKeys(EventBus bus, OwnerRegistry owners) {
    this.bus = bus;
    this.owners = owners;
  }

  @Override
  public Future<Long> keyRevision() {
    return call(Work.KEYS_READ, named("revision"), JsonNode::longValue);
  }

  @Override
  public Future<List<ApiKey>> keys(long after, int limit) {
    return call(
        Work.KEYS_READ, named("keys").put("after", after).put("limit", limit), WireKeys::keys);
  }

  @Override
  public Future<ApiKey> addKey(NewKey key) {
    ObjectNode request = named("add");
    request.set("key", WireKeys.encode(key));
    return call(Work.KEYS_WRITE, request, WireKeys::key);
  }

  @Override
  public Future<Boolean> deleteKey(long id) {
    return call(Work.KEYS_WRITE, named("delete").put("id", id), JsonNode::booleanValue);
  }

  @Override
  public Future<Void> keysUsed(Map<Long, Instant> lastUsedAt) {
    ObjectNode request = named("used");
    request.set("uses", WireKeys.encode(lastUsedAt));
    return call(Work.KEYS_WRITE, request, done -> done).mapEmpty();
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
