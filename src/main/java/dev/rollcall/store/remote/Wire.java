package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values that travel between nodes: times are milliseconds, and bytes are in base64. Reading
 * throws a {@link RuntimeException} for anything else.
 */
final class Wire {
  private Wire() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static <T> ArrayNode array(List<T> items, Function<T, JsonNode> writer) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    items.forEach(item -> array.add(writer.apply(item)));
    return array;
  }

  static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
    List<T> items = new ArrayList<>();
    array.forEach(item -> items.add(reader.apply(item)));
    return items;
  }

  static long number(JsonNode wire, String name) {
    return wire.required(name).longValue();
  }

  static String text(JsonNode wire, String name) {
    String text = wire.required(name).textValue();
    if (text == null) {
      throw new IllegalArgumentException(name + " is a text");
    }
    return text;
  }

  static @Nullable Long millis(@Nullable Instant at) {
    return at == null ? null : Long.valueOf(at.toEpochMilli());
  }

  static Instant time(JsonNode wire, String name) {
    return Instant.ofEpochMilli(number(wire, name));
  }

  static @Nullable Instant timeOrNull(JsonNode wire, String name) {
    return wire.required(name).isNull() ? null : time(wire, name);
  }

  static byte[] bytes(JsonNode wire, String name) {
    try {
      byte @Nullable [] bytes = wire.required(name).binaryValue();
      if (bytes != null) {
        return bytes;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " is in base64", e);
    }
    throw new IllegalArgumentException(name + " is in base64");
  }
}
