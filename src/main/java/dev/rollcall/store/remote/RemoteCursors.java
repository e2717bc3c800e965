package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Cancellation;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.KeptCursor;
import dev.rollcall.followers.cursors.PutCursor;
import dev.rollcall.followers.cursors.WantedCursor;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The followers of other nodes' store. Only nodes that say that they serve followers are asked,
 * since those of the version before do not; where there are no others, calls fail with {@code
 * UNAVAILABLE}.
 */
final class RemoteCursors implements CursorStore {
  private final EventBus bus;
  private final OwnerRegistry owners;

  /**
   * The followers of a cluster.
   *
   * @param owners those that serve followers
   */
  RemoteCursors(EventBus bus, OwnerRegistry owners) {
    this.bus = bus;
    this.owners = owners;
  }

  @Override
  public Future<Optional<KeptCursor>> cursor(String name) {
    return call(Work.FOLLOWERS_READ, named("cursor").put("name", name), WireCursors::found);
  }

  @Override
  public Future<List<KeptCursor>> cursors() {
    return call(Work.FOLLOWERS_READ, named("cursors"), WireCursors::cursors);
  }

  @Override
  public Future<PutCursor> putCursor(WantedCursor wanted) {
    ObjectNode request = named("putCursor");
    request.set("wanted", WireCursors.encode(wanted));
    return call(Work.FOLLOWERS_WRITE, request, WireCursors::put);
  }

  @Override
  public Future<Optional<KeptCursor>> advanceCursor(long id, long seq, Instant now) {
    return call(
        Work.FOLLOWERS_WRITE,
        named("advanceCursor").put("id", id).put("seq", seq).put("now", now.toEpochMilli()),
        WireCursors::found);
  }

  @Override
  public Future<Boolean> deleteCursor(long id) {
    return call(Work.FOLLOWERS_WRITE, named("deleteCursor").put("id", id), JsonNode::booleanValue);
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
