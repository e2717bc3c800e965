package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rollcall.access.KeyStore;
import dev.rollcall.store.remote.WireKeys;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import java.util.List;

/**
 * Serves the keys in the store of this node to nodes that have none, in the form of {@link
 * StoreEndpoints}. What travels has the hashes of keys, and never their texts.
 */
final class KeyEndpoints {
  private final KeyStore keys;

  KeyEndpoints(KeyStore keys) {
    this.keys = keys;
  }

  List<ServedAddress> table(String node) {
    return StoreEndpoints.table(
        node, Addresses.KEYS_READ, this::read, Addresses.KEYS_WRITE, this::write);
  }

  private Future<JsonNode> read(JsonNode asked) {
    return switch (asked.required("call").asText()) {
      case "revision" -> keys.keyRevision().map(LongNode::valueOf);
      case "keys" ->
          keys.keys(asked.required("after").longValue(), asked.required("limit").intValue())
              .map(WireKeys::encode);
      default -> throw StoreEndpoints.unknownCall();
    };
  }

  private Future<JsonNode> write(JsonNode asked) {
    return switch (asked.required("call").asText()) {
      case "add" -> keys.addKey(WireKeys.newKey(asked.required("key"))).map(WireKeys::encode);
      case "delete" -> keys.deleteKey(asked.required("id").longValue()).map(BooleanNode::valueOf);
      case "used" ->
          keys.keysUsed(WireKeys.uses(asked.required("uses"))).map(noted -> NullNode.instance);
      default -> throw StoreEndpoints.unknownCall();
    };
  }
}
