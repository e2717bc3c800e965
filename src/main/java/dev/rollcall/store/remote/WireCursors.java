package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.cursors.KeptCursor;
import dev.rollcall.followers.cursors.PutCursor;
import dev.rollcall.followers.cursors.WantedCursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Followers as they travel between nodes, with times as milliseconds. Reading throws a {@link
 * RuntimeException} for anything else.
 */
public final class WireCursors {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private WireCursors() {}

  static ObjectNode encode(WantedCursor wanted) {
    return NODES
        .objectNode()
        .put("id", wanted.id())
        .put("name", wanted.name())
        .put("after", wanted.after())
        .put("otherwise", wanted.otherwise())
        .put("now", wanted.now().toEpochMilli())
        .put("by", wanted.by())
        .put("ofOthers", wanted.ofOthers());
  }

  public static WantedCursor wanted(JsonNode wire) {
    JsonNode after = wire.required("after");
    return new WantedCursor(
        wire.required("id").longValue(),
        WireUsers.text(wire, "name"),
        after.isNull() ? null : Long.valueOf(after.longValue()),
        wire.required("otherwise").longValue(),
        Instant.ofEpochMilli(wire.required("now").longValue()),
        wire.required("by").textValue(),
        wire.required("ofOthers").booleanValue());
  }

  public static ObjectNode encode(KeptCursor cursor) {
    Instant movedAt = cursor.movedAt();
    return NODES
        .objectNode()
        .put("id", cursor.id())
        .put("name", cursor.name())
        .put("position", cursor.position())
        .put("lag", cursor.lag())
        .put("createdAt", cursor.createdAt().toEpochMilli())
        .put("movedAt", movedAt == null ? null : Long.valueOf(movedAt.toEpochMilli()))
        .put("by", cursor.by());
  }

  /** Null for none. */
  public static JsonNode encode(Optional<KeptCursor> found) {
    return found.<JsonNode>map(WireCursors::encode).orElse(NullNode.instance);
  }

  public static ArrayNode encode(List<KeptCursor> cursors) {
    ArrayNode wire = NODES.arrayNode();
    cursors.forEach(cursor -> wire.add(encode(cursor)));
    return wire;
  }

  public static ObjectNode encode(PutCursor put) {
    ObjectNode wire = NODES.objectNode().put("isNew", put.isNew());
    wire.set("cursor", encode(put.cursor()));
    return wire;
  }

  static PutCursor put(JsonNode wire) {
    return new PutCursor(cursor(wire.required("cursor")), wire.required("isNew").booleanValue());
  }

  static Optional<KeptCursor> found(JsonNode wire) {
    return wire.isNull() ? Optional.empty() : Optional.of(cursor(wire));
  }

  static List<KeptCursor> cursors(JsonNode wire) {
    List<KeptCursor> cursors = new ArrayList<>();
    wire.forEach(cursor -> cursors.add(cursor(cursor)));
    return cursors;
  }

  private static KeptCursor cursor(JsonNode wire) {
    return new KeptCursor(
        wire.required("id").longValue(),
        WireUsers.text(wire, "name"),
        wire.required("position").longValue(),
        wire.required("lag").longValue(),
        Instant.ofEpochMilli(wire.required("createdAt").longValue()),
        time(wire.required("movedAt")),
        wire.required("by").textValue());
  }

  private static @Nullable Instant time(JsonNode millis) {
    return millis.isNull() ? null : Instant.ofEpochMilli(millis.longValue());
  }
}
