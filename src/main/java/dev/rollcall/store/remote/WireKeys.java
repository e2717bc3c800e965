package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.ApiKey;
import dev.rollcall.access.KeyHash;
import dev.rollcall.access.NewKey;
import dev.rollcall.access.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys as they travel between nodes: with the hash, and times as milliseconds. Reading throws a
 * {@link RuntimeException} for anything else.
 */
public final class WireKeys {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private WireKeys() {}

  static ObjectNode encode(NewKey key) {
    return NODES
        .objectNode()
        .put("name", key.name())
        .put("scopes", key.scopes().toString())
        .put("hash", HexFormat.of().formatHex(key.hash().bytes()))
        .put("createdAt", key.createdAt().toEpochMilli())
        .put("expiresAt", millis(key.expiresAt()))
        .put("by", key.by());
  }

  public static NewKey newKey(JsonNode wire) {
    return new NewKey(
        WireUsers.text(wire, "name"),
        Scopes.parse(WireUsers.text(wire, "scopes")),
        KeyHash.read(HexFormat.of().parseHex(WireUsers.text(wire, "hash"))),
        Instant.ofEpochMilli(wire.required("createdAt").longValue()),
        time(wire.required("expiresAt")),
        wire.required("by").textValue());
  }

  public static ObjectNode encode(ApiKey key) {
    return encode(
            new NewKey(
                key.name(), key.scopes(), key.hash(), key.createdAt(), key.expiresAt(), key.by()))
        .put("id", key.id())
        .put("lastUsedAt", millis(key.lastUsedAt()));
  }

  static ApiKey key(JsonNode wire) {
    NewKey made = newKey(wire);
    return new ApiKey(
        wire.required("id").longValue(),
        made.name(),
        made.scopes(),
        made.hash(),
        made.createdAt(),
        made.expiresAt(),
        time(wire.required("lastUsedAt")),
        made.by());
  }

  public static ArrayNode encode(List<ApiKey> keys) {
    ArrayNode wire = NODES.arrayNode();
    keys.forEach(key -> wire.add(encode(key)));
    return wire;
  }

  static List<ApiKey> keys(JsonNode wire) {
    List<ApiKey> keys = new ArrayList<>();
    wire.forEach(key -> keys.add(key(key)));
    return keys;
  }

  static ObjectNode encode(Map<Long, Instant> uses) {
    ObjectNode wire = NODES.objectNode();
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

  private static @Nullable Long millis(@Nullable Instant at) {
    return at == null ? null : Long.valueOf(at.toEpochMilli());
  }

  private static @Nullable Instant time(JsonNode millis) {
    return millis.isNull() ? null : Instant.ofEpochMilli(millis.longValue());
  }
}
