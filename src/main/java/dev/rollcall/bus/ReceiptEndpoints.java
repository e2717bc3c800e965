package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.followers.receipts.ReceiptKeys;
import dev.rollcall.store.remote.WireReceiptKeys;
import dev.rollcall.wire.Addresses;
import io.vertx.core.Future;
import java.util.List;

/**
 * Tells nodes without a store the public keys of receipts, in the form of {@link StoreEndpoints}.
 */
final class ReceiptEndpoints {
  private final ReceiptKeys keys;

  ReceiptEndpoints(ReceiptKeys keys) {
    this.keys = keys;
  }

  List<ServedAddress> table(String node) {
    return List.of(StoreEndpoints.reads(node, Addresses.RECEIPTS_READ, this::read));
  }

  private Future<JsonNode> read(JsonNode asked) {
    if (!asked.required("call").asText().equals("published")) {
      throw StoreEndpoints.unknownCall();
    }
    return keys.published().map(WireReceiptKeys::encode);
  }
}
