package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rollcall.followers.receipts.ReceiptKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of receipts as they travel between nodes: the public half alone, with times as
 * milliseconds. Reading throws a {@link RuntimeException} for anything else.
 */
public final class WireReceiptKeys {
  private WireReceiptKeys() {}

  public static ArrayNode encode(List<ReceiptKey> keys) {
    ArrayNode wire = JsonNodeFactory.instance.arrayNode();
    for (ReceiptKey key : keys) {
      wire.addObject()
          .put("id", key.id())
          .put("name", key.name())
          .put("publicKey", key.publicKey())
          .put("createdAt", key.createdAt().toEpochMilli());
    }
    return wire;
  }

  static List<ReceiptKey> keys(JsonNode wire) {
    List<ReceiptKey> keys = new ArrayList<>();
    wire.forEach(key -> keys.add(key(key)));
    return keys;
  }

  private static ReceiptKey key(JsonNode wire) {
    try {
      return new ReceiptKey(
          wire.required("id").longValue(),
          WireUsers.text(wire, "name"),
          wire.required("publicKey").binaryValue(),
          new byte[0],
          Instant.ofEpochMilli(wire.required("createdAt").longValue()));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
