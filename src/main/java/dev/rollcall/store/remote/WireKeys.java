package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyHash;
import dev.rollcall.access.NewKey;
import dev.rollcall.access.Scopes;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Keys as they travel between nodes: with the hash, and times as milliseconds. Reading throws a
 * {@link RuntimeException} for anything else.
 */
public final class WireKeys {
  private WireKeys() {}

  static ObjectNode encode(NewKey key) {
    return Wire.object()
        .put("name", key.name())
        .put("scopes", key.scopes().toString())
        .put("hash", HexFormat.of().formatHex(key.hash().bytes()))
        .put("createdAt", key.createdAt().toEpochMilli())
        .put("expiresAt", Wire.millis(key.expiresAt()))
        .put("by", key.by());
  }

  public static NewKey newKey(JsonNode wire) {
    return new NewKey(
        Wire.text(wire, "name"),
        Scopes.parse(Wire.text(wire, "scopes")),
        KeyHash.read(HexFormat.of().parseHex(Wire.text(wire, "hash"))),
        Wire.time(wire, "createdAt"),
        Wire.timeOrNull(wire, "expiresAt"),
        wire.required("by").textValue());
  }

  public static ObjectNode encode(ApiKey key) {
    return encode(
            new NewKey(
                key.name(), key.scopes(), key.hash(), key.createdAt(), key.expiresAt(), key.by()))
        .put("id", key.id())
        .put("lastUsedAt", Wire.millis(key.lastUsedAt()));
  }

  static ApiKey key(JsonNode wire) {
    NewKey made = newKey(wire);
    return new ApiKey(
        Wire.number(wire, "id"),
        made.name(),
        made.scopes(),
        made.hash(),
        made.createdAt(),
        made.expiresAt(),
        Wire.timeOrNull(wire, "lastUsedAt"),
        made.by());
  }

  public static ArrayNode encode(List<ApiKey> keys) {
    return Wire.array(keys, WireKeys::encode);
  }

  static List<ApiKey> keys(JsonNode wire) {
    return Wire.list(wire, WireKeys::key);
  }

  static ObjectNode encode(Map<Long, Instant> uses) {
    ObjectNode wire = Wire.object();
    uses.forEach((id, at) -> wire.put(id.toString(), at.toEpochMilli()));
    return wire;
  }

  public static Map<Long, Instant> uses(JsonNode wire) {
    Map<Long, Instant> uses = new HashMap<>();
    wire.properties()
        .forEach(
            use ->
                uses.put(
                    Long.valueOf(use.getKey()), Instant.ofEpochMilli(use.getValue().longValue())));
    return uses;
  }
}
