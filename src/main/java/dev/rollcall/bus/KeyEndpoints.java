package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.KeyStore;
import dev.rollcall.base.Late;
import dev.rollcall.store.remote.WireKeys;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Function;

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
    return List.of(
        StoreEndpoints.row(node, Addresses.KEYS_READ, Late.READ, call -> serve(call, this::read)),
        StoreEndpoints.row(
            node, Addresses.KEYS_WRITE, Late.WRITE, call -> serve(call, this::write)));
  }

  static void serve(Call call, Function<JsonNode, Future<JsonNode>> endpoint) {
    JsonNode asked = StoreEndpoints.asked(call);
    Future<JsonNode> answer;
    try {
      answer = endpoint.apply(asked);
    } catch (IllegalArgumentException e) {
      throw StoreEndpoints.unknownCall();
    }
    call.reply(
        answer,
        found -> {
          ObjectNode reply = JsonNodeFactory.instance.objectNode();
          reply.set("answer", found);
          call.reply(Buffer.buffer(reply.toString()), Call.PLAIN);
        });
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
