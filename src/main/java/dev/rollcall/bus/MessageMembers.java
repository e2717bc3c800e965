package dev.rollcall.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.users.Parameters;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of a message. Whatever is at fault is reported at once, with JSON pointers. Numbers
 * are read as {@link JsonInteger} reads them, as in the bodies of HTTP.
 */
final class MessageMembers extends Parameters {

  private static final String MISSING = "is missing";

  private final ObjectNode object;

  MessageMembers(ObjectNode object) {
    this.object = object;
  }

  /** These members, of which there may be no others. */
  MessageMembers only(String... known) {
    return only(Set.of(known));
  }

  /** These members, of which there may be no others. */
  MessageMembers only(Set<String> known) {
    for (var member : object.properties()) {
      String name = member.getKey();
      if (!known.contains(name)) {
        fault(name, "unknown member");
      }
    }
    return this;
  }

  /** The id of a user, which must be there; 0 when it is at fault. */
  @Override
  public long id() {
    if (!object.has("id")) {
      fault("id", MISSING);
      return 0;
    }
    return number("id", 1, User.MAX_ID, 0);
  }

  /** A text that must be there, and may be empty; empty when it is at fault. */
  @Override
  public String required(String name) {
    if (!object.has(name)) {
      fault(name, MISSING);
      return "";
    }
    String text = optional(name);
    return text == null ? "" : text;
  }

  /** A text that may be empty; null when it is left out or at fault. */
  @Override
  public @Nullable String optional(String name) {
    JsonNode value = object.get(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      fault(name, "must be a string");
      return null;
    }
    return value.textValue();
  }

  @Override
  public long number(String name, long least, long most, long fallback) {
    JsonNode value = object.get(name);
    if (value == null) {
      return fallback;
    }
    if (!JsonInteger.isWithin(value, least, most)) {
      notAnInteger(name, least, most);
      return fallback;
    }
    return JsonInteger.of(value);
  }

  /** One number, or an array of them, which says something only when it is not empty. */
  @Override
  public List<Long> numbers(String name, long least, long most, int atMost) {
    JsonNode value = object.get(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      return List.of(number(name, least, most, least));
    }
    if (value.isEmpty()) {
      fault(name, "must not be empty");
      return List.of();
    }
    if (value.size() > atMost) {
      tooMany(name, atMost);
      return List.of();
    }
    List<Long> numbers = new ArrayList<>(value.size());
    for (JsonNode each : value) {
      if (!JsonInteger.isWithin(each, least, most)) {
        notAnInteger(name, least, most);
      }
      numbers.add(JsonInteger.of(each));
    }
    return numbers;
  }

  @Override
  public long parsed(
      String name, Function<String, @Nullable Long> parse, String fault, long fallback) {
    JsonNode value = object.get(name);
    if (value == null) {
      return fallback;
    }
    Long number = value.isTextual() ? parse.apply(value.textValue()) : null;
    if (number == null) {
      fault(name, fault);
      return fallback;
    }
    return number;
  }

  /** A part of the message that is read by other rules; it must be there. */
  JsonNode part(String name) {
    JsonNode part = object.get(name);
    if (part == null) {
      fault(name, MISSING);
      return object.nullNode();
    }
    return part;
  }

  @Override
  public String pointerTo(String name) {
    return StrictJson.pointerTo(name);
  }
}
