package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.KeptCursor;
import dev.rollcall.followers.cursors.PutCursor;
import dev.rollcall.followers.cursors.WantedCursor;
import dev.rollcall.store.remote.OwnerCall.Work;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The followers of other nodes' store. Only nodes that say that they serve followers are asked,
 * since those of the version before do not; where there are no others, calls fail with {@code
 * UNAVAILABLE}.
 */
final class RemoteCursors implements CursorStore {
  private final NamedCalls calls;

  /**
   * The followers of a cluster.
   *
   * @param owners those that serve followers
   */
  RemoteCursors(EventBus bus, OwnerRegistry owners) {
    this.calls = new NamedCalls(bus, owners);
  }

  @Override
  public Future<Optional<KeptCursor>> cursor(String name) {
    return calls.send(
        Work.FOLLOWERS_READ, NamedCalls.named("cursor").put("name", name), WireCursors::found);
  }

  @Override
  public Future<List<KeptCursor>> cursors() {
    return calls.send(Work.FOLLOWERS_READ, NamedCalls.named("cursors"), WireCursors::cursors);
  }

  @Override
  public Future<PutCursor> putCursor(WantedCursor wanted) {
    ObjectNode request = NamedCalls.named("putCursor");
    request.set("wanted", WireCursors.encode(wanted));
    return calls.send(Work.FOLLOWERS_WRITE, request, WireCursors::put);
  }

  @Override
  public Future<Optional<KeptCursor>> advanceCursor(long id, long seq, Instant now) {
    return calls.send(
        Work.FOLLOWERS_WRITE,
        NamedCalls.named("advanceCursor")
            .put("id", id)
            .put("seq", seq)
            .put("now", now.toEpochMilli()),
        WireCursors::found);
  }

  @Override
  public Future<Boolean> deleteCursor(long id) {
    return calls.send(
        Work.FOLLOWERS_WRITE,
        NamedCalls.named("deleteCursor").put("id", id),
        JsonNode::booleanValue);
  }
}
