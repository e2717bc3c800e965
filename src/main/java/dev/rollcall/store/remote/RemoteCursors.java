package dev.rollcall.store.remote;

import static dev.rollcall.store.remote.NamedCalls.named;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.followers.cursors.CursorStore.PutCursor;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.followers.cursors.KeptCursor;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The followers of other nodes' store. Only nodes that say that they serve followers are asked,
 * since those of the version before do not; where there are no others, calls fail with {@code
 * UNAVAILABLE}.
 *
 * @param calls of the nodes that serve followers
 */
record RemoteCursors(NamedCalls calls) implements CursorStore {
  @Override
  public Future<Optional<KeptCursor>> cursor(String name) {
    return calls.read(named("cursor").put("name", name), WireCursors::found);
  }

  @Override
  public Future<List<KeptCursor>> cursors() {
    return calls.read(named("cursors"), WireCursors::cursors);
  }

  @Override
  public Future<PutCursor> putCursor(WantedCursor wanted) {
    ObjectNode request = named("putCursor");
    request.set("wanted", WireCursors.encode(wanted));
    return calls.write(request, WireCursors::put);
  }

  @Override
  public Future<Optional<KeptCursor>> advanceCursor(long id, long seq, Instant now) {
    return calls.write(
        named("advanceCursor").put("id", id).put("seq", seq).put("now", now.toEpochMilli()),
        WireCursors::found);
  }

  @Override
  public Future<Boolean> deleteCursor(long id) {
    return calls.write(named("deleteCursor").put("id", id), JsonNode::booleanValue);
  }
}
