package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rollcall.followers.receipts.ReceiptKey;
import java.util.List;

/**
 * The keys of receipts as they travel between nodes: the public half alone, with times as
 * milliseconds. Reading throws a {@link RuntimeException} for anything else.
 */
public final class WireReceiptKeys {
  private WireReceiptKeys() {}

  public static ArrayNode encode(List<ReceiptKey> keys) {
    return Wire.array(
        keys,
        key ->
            Wire.object()
                .put("id", key.id())
                .put("name", key.name())
                .put("publicKey", key.publicKey())
                .put("createdAt", key.createdAt().toEpochMilli()));
  }

  static List<ReceiptKey> keys(JsonNode wire) {
    return Wire.list(wire, WireReceiptKeys::key);
  }

  private static ReceiptKey key(JsonNode wire) {
    return new ReceiptKey(
        Wire.number(wire, "id"),
        Wire.text(wire, "name"),
        Wire.bytes(wire, "publicKey"),
        new byte[0],
        Wire.time(wire, "createdAt"));
  }
}
