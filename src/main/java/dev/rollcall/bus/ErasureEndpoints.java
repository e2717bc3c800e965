package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rollcall.followers.erasures.Erasures;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import java.util.List;

/**
 * Serves the erasures in the store of this node to nodes that have none, in the form of {@link
 * StoreEndpoints}.
 */
final class ErasureEndpoints {
  private final Erasures erasures;

  ErasureEndpoints(Erasures erasures) {
    this.erasures = erasures;
  }

  List<ServedAddress> table(String node) {
    return StoreEndpoints.table(
        node, Addresses.ERASURES_READ, this::read, Addresses.ERASURES_WRITE, this::write);
  }

  private Future<JsonNode> read(JsonNode asked) {
    long id = asked.required("id").longValue();
    return switch (asked.required("call").asText()) {
      case "get" -> erasures.get(id);
      case "receipt" -> erasures.receipt(id).map(TextNode::valueOf);
      default -> throw StoreEndpoints.unknownCall();
    };
  }

  private Future<JsonNode> write(JsonNode asked) {
    return switch (asked.required("call").asText()) {
      case "start" ->
          erasures.start(asked.required("user").longValue(), asked.required("by").textValue());
      default -> throw StoreEndpoints.unknownCall();
    };
  }
}
