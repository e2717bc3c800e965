package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.followers.cursors.CursorStore.PutCursor;
import dev.rollcall.followers.cursors.CursorStore.WantedCursor;
import dev.rollcall.followers.cursors.KeptCursor;
import java.util.List;
import java.util.Optional;

/**
 * Followers as they travel between nodes, with times as milliseconds. Reading throws a {@link
 * RuntimeException} for anything else.
 */
public final class WireCursors {
  private WireCursors() {}

  static ObjectNode encode(WantedCursor wanted) {
    return Wire.object()
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
        Wire.number(wire, "id"),
        Wire.text(wire, "name"),
        after.isNull() ? null : Long.valueOf(after.longValue()),
        Wire.number(wire, "otherwise"),
        Wire.time(wire, "now"),
        wire.required("by").textValue(),
        wire.required("ofOthers").booleanValue());
  }

  public static ObjectNode encode(KeptCursor cursor) {
    return Wire.object()
        .put("id", cursor.id())
        .put("name", cursor.name())
        .put("position", cursor.position())
        .put("lag", cursor.lag())
        .put("createdAt", cursor.createdAt().toEpochMilli())
        .put("movedAt", Wire.millis(cursor.movedAt()))
        .put("by", cursor.by());
  }

  /** Null for none. */
  public static JsonNode encode(Optional<KeptCursor> found) {
    return found.<JsonNode>map(WireCursors::encode).orElse(NullNode.instance);
  }

  public static ArrayNode encode(List<KeptCursor> cursors) {
    return Wire.array(cursors, WireCursors::encode);
  }

  public static ObjectNode encode(PutCursor put) {
    ObjectNode wire = Wire.object().put("isNew", put.isNew());
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
    return Wire.list(wire, WireCursors::cursor);
  }

  private static KeptCursor cursor(JsonNode wire) {
    return new KeptCursor(
        Wire.number(wire, "id"),
        Wire.text(wire, "name"),
        Wire.number(wire, "position"),
        Wire.number(wire, "lag"),
        Wire.time(wire, "createdAt"),
        Wire.timeOrNull(wire, "movedAt"),
        wire.required("by").textValue());
  }
}
