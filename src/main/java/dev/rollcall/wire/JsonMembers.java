package dev.rollcall.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of a body or message. Faults have JSON pointers. */
public final class JsonMembers extends Parameters {
  private static final String MISSING = "is missing";

  private final ObjectNode object;
  private final String place;

  private JsonMembers(ObjectNode object) {
    this.object = object;
    this.place = "";
  }

  private JsonMembers(ObjectNode object, String place, Parameters around) {
    super(around);
    this.object = object;
    this.place = place;
  }

  /**
   * The members of a body or a message.
   *
   * @throws Failure where it is no object
   */
  public static JsonMembers of(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return new JsonMembers(object);
    }
    throw Failure.invalid("", "a JSON object is expected");
  }

  /**
   * The members of a body, of which there may be no others.
   *
   * @throws Failure where it is no object
   */
  public static JsonMembers of(JsonNode body, Set<String> known) {
    return of(body).only(known, Integer.MAX_VALUE);
  }

  /** The members of an inner object; none where it is at fault. */
  public JsonMembers within(String name, Set<String> known) {
    JsonNode inner = object.get(name);
    if (inner instanceof ObjectNode found) {
      return new JsonMembers(found, pointerTo(name), this).only(known, Integer.MAX_VALUE);
    }
    fault(name, inner == null ? MISSING : "must be an object");
    return new JsonMembers(object.objectNode());
  }

  /** These members of a message, of which there may be no others. */
  public JsonMembers only(Set<String> known) {
    return only(known, LONGEST_NAME);
  }

  private JsonMembers only(Set<String> known, int longest) {
    for (var member : object.properties()) {
      if (!known.contains(member.getKey())) {
        fault(shortened(member.getKey(), longest), "unknown member");
      }
    }
    return this;
  }

  @Override
  public String pointerTo(String name) {
    return place + StrictJson.pointerTo(name);
  }

  /** All members in their order. */
  public Set<Map.Entry<String, JsonNode>> all() {
    return object.properties();
  }

  /** The member as it is; null where it is left out. */
  public @Nullable JsonNode get(String name) {
    return object.get(name);
  }

  public boolean has(String name) {
    return object.has(name);
  }

  public boolean isText(String name) {
    return object.path(name).isTextual();
  }

  /** Whether a member that may only be true is there; false where it is at fault. */
  public boolean isTrue(String name) {
    boolean isTrue = object.path(name).booleanValue();
    if (!isTrue && object.has(name)) {
      fault(name, "must be true, or left out");
    }
    return isTrue;
  }

  @Override
  public long id() {
    if (!object.has("id")) {
      fault("id", MISSING);
    }
    return number("id", 1, WholeNumber.MAX, 0);
  }

  @Override
  public String required(String name) {
    if (!object.has(name)) {
      fault(name, MISSING);
      return "";
    }
    String text = optional(name);
    return text == null ? "" : text;
  }

  @Override
  public @Nullable String optional(String name) {
    JsonNode given = object.get(name);
    if (given != null && !given.isTextual()) {
      fault(name, "must be a string");
    }
    return given == null ? null : given.textValue();
  }

  @Override
  public long number(String name, long least, long most, long fallback) {
    JsonNode given = object.get(name);
    if (given == null) {
      return fallback;
    }
    if (!JsonInteger.isWithin(given, least, most)) {
      notAnInteger(name, least, most);
      return fallback;
    }
    return JsonInteger.of(given);
  }

  @Override
  public boolean flag(String name) {
    if (object.has(name) && !object.get(name).isBoolean()) {
      fault(name, "must be true or false");
    }
    return object.path(name).booleanValue();
  }

  /** One number, or an array of them that is not empty. */
  @Override
  public List<Long> numbers(String name, long least, long most, int atMost) {
    JsonNode given = object.get(name);
    if (given == null) {
      return List.of();
    }
    if (!given.isArray()) {
      return List.of(number(name, least, most, least));
    }
    if (given.isEmpty()) {
      fault(name, "must not be empty");
      return List.of();
    }
    if (given.size() > atMost) {
      tooMany(name, atMost);
      return List.of();
    }
    List<Long> numbers = new ArrayList<>(given.size());
    for (JsonNode each : given) {
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
    JsonNode given = object.get(name);
    if (given == null) {
      return fallback;
    }
    Long number = given.isTextual() ? parse.apply(given.textValue()) : null;
    if (number == null) {
      fault(name, fault);
      return fallback;
    }
    return number;
  }

  /** A member of any type that must be there. */
  public JsonNode part(String name) {
    if (!object.has(name)) {
      fault(name, MISSING);
    }
    return object.has(name) ? object.get(name) : object.nullNode();
  }

  /** 1 to so many ids of users; none where they are at fault. */
  public long[] ids(String name, int most) {
    JsonNode given = object.get(name);
    if (given == null) {
      fault(name, MISSING);
    } else if (!given.isArray()) {
      fault(name, "must be an array");
    } else if (given.isEmpty() || given.size() > most) {
      fault(name, "must have 1 to " + most + " ids");
    } else {
      return each(pointerTo(name), given);
    }
    return new long[0];
  }

  private long[] each(String pointer, JsonNode given) {
    long[] ids = new long[given.size()];
    for (int i = 0; i < ids.length && !isFull(); i++) {
      if (JsonInteger.isWithin(given.get(i), 1, WholeNumber.MAX)) {
        ids[i] = JsonInteger.of(given.get(i));
      } else {
        faultAt(pointer + "/" + i, notAnInteger(1, WholeNumber.MAX));
      }
    }
    return ids;
  }

  /** As {@link #ids}, each of them once. */
  public long[] distinctIds(String name, int most) {
    long[] ids = ids(name, most);
    if (!isFaulty()) {
      Map<Long, Integer> first = new HashMap<>(2 * ids.length);
      for (int i = 0; i < ids.length; i++) {
        Integer before = first.putIfAbsent(ids[i], i);
        if (before != null) {
          String pointer = pointerTo(name) + "/";
          faultAt(pointer + i, "stands at " + pointer + before + " already");
        }
      }
    }
    return ids;
  }
}
