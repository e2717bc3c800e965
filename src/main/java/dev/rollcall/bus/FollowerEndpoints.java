package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.rollcall.followers.cursors.CursorStore;
import dev.rollcall.store.remote.WireCursors;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * Serves the followers in the store of this node to nodes that have none, in the form of {@link
 * StoreEndpoints}.
 */
final class FollowerEndpoints {
  private final CursorStore cursors;

  FollowerEndpoints(CursorStore cursors) {
    this.cursors = cursors;
  }

  List<ServedAddress> table(String node) {
    return StoreEndpoints.table(
        node, Addresses.FOLLOWERS_READ, this::read, Addresses.FOLLOWERS_WRITE, this::write);
  }

  private Future<JsonNode> read(JsonNode asked) {
    return switch (asked.required("call").asText()) {
      case "cursor" -> cursors.cursor(asked.required("name").asText()).map(WireCursors::encode);
      case "cursors" -> cursors.cursors().map(WireCursors::encode);
      default -> throw StoreEndpoints.unknownCall();
    };
  }

  private Future<JsonNode> write(JsonNode asked) {
    return switch (asked.required("call").asText()) {
      case "putCursor" ->
          cursors.putCursor(WireCursors.wanted(asked.required("wanted"))).map(WireCursors::encode);
      case "advanceCursor" ->
          cursors
              .advanceCursor(
                  asked.required("id").longValue(),
                  asked.required("seq").longValue(),
                  Instant.ofEpochMilli(asked.required("now").longValue()))
              .map(WireCursors::encode);
      case "deleteCursor" ->
          cursors.deleteCursor(asked.required("id").longValue()).map(BooleanNode::valueOf);
      default -> throw StoreEndpoints.unknownCall();
    };
  }
}
