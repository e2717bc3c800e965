package dev.rollcall.config.reading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Copies JSON with other texts in it, as of a setting that is JSON itself. */
final class JsonCopy {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonCopy() {}

  static JsonNode parsed(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  /** A copy with the replacement of each text; empty where one has none. */
  static Optional<JsonNode> of(JsonNode json, Function<String, Optional<JsonNode>> texts) {
    if (json.isTextual()) {
      return texts.apply(json.asText());
    }
    if (json.isObject()) {
      ObjectNode copy = JSON.createObjectNode();
      for (Map.Entry<String, JsonNode> member : json.properties()) {
        Optional<JsonNode> value = of(member.getValue(), texts);
        value.ifPresent(present -> copy.set(member.getKey(), present));
      }
      return copy.size() == json.size() ? Optional.of(copy) : Optional.empty();
    }
    if (json.isArray()) {
      ArrayNode copy = JSON.createArrayNode();
      for (JsonNode element : json) {
        of(element, texts).ifPresent(copy::add);
      }
      return copy.size() == json.size() ? Optional.of(copy) : Optional.empty();
    }
    return Optional.of(json);
  }
}
