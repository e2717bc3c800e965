package dev.rollcall.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a request about many users. Each getter notes what is wrong, and gives something
 * harmless instead; {@link #refuseIfFaulty} then tells every fault at once.
 */
public final class JsonMembers {

  private final ObjectNode object;
  private final String place;
  private final Faults faults;

  private JsonMembers(ObjectNode object, String place, Faults faults, Set<String> known) {
    this.object = object;
    this.place = place;
    this.faults = faults;
    for (var member : object.properties()) {
      if (!known.contains(member.getKey())) {
        add(StrictJson.pointerTo(member.getKey()), "unknown member");
      }
    }
  }

  /**
   * The members of a body, of which there may be no others.
   *
   * @throws Failure where it is no object
   */
  public static JsonMembers of(JsonNode body, Set<String> known) {
    if (!(body instanceof ObjectNode object)) {
      throw Failure.invalid("", "a JSON object is expected");
    }
    return new JsonMembers(object, "", new Faults(), known);
  }

  /** The members of a member that is an object; of an empty one where it is none. */
  public JsonMembers within(String name, Set<String> known) {
    JsonNode inner = object.get(name);
    if (inner instanceof ObjectNode found) {
      return new JsonMembers(found, place + "/" + name, faults, known);
    }
    fault(name, inner == null ? "is missing" : "must be an object");
    return new JsonMembers(object.objectNode(), place + "/" + name, new Faults(), known);
  }

  /** Whether it is given. */
  public boolean has(String name) {
    return object.has(name);
  }

  /** A text; null where it is left out or at fault. */
  public @Nullable String text(String name) {
    JsonNode given = object.get(name);
    if (given != null && !given.isTextual()) {
      fault(name, "must be a string");
    }
    return given == null ? null : given.textValue();
  }

  /** Whether it is a text. */
  public boolean isText(String name) {
    JsonNode given = object.get(name);
    return given != null && given.isTextual();
  }

  /** Whether it is true, which is all that it may be; false where it is left out or at fault. */
  public boolean isTrue(String name) {
    JsonNode given = object.get(name);
    boolean isTrue = given != null && given.isBoolean() && given.booleanValue();
    if (given != null && !isTrue) {
      fault(name, "must be true, or left out");
    }
    return isTrue;
  }

  /** An integer from 1 on; the fallback where it is left out. */
  public int integer(String name, int most, int fallback) {
    JsonNode given = object.get(name);
    if (given == null) {
      return fallback;
    }
    if (!JsonInteger.isWithin(given, 1, most)) {
      fault(name, Faults.notAnInteger(1, most));
      return fallback;
    }
    return Math.toIntExact(JsonInteger.of(given));
  }

  /** Ids of users, 1 to so many; none where they are at fault. */
  public long[] ids(String name, int most) {
    JsonNode given = object.get(name);
    if (given == null) {
      fault(name, "is missing");
    } else if (!given.isArray()) {
      fault(name, "must be an array");
    } else if (given.isEmpty() || given.size() > most) {
      fault(name, "must have 1 to " + most + " ids");
    } else {
      return each(name, given);
    }
    return new long[0];
  }

  private long[] each(String name, JsonNode given) {
    long[] ids = new long[given.size()];
    for (int i = 0; i < ids.length && !faults.isFull(); i++) {
      if (JsonInteger.isWithin(given.get(i), 1, WholeNumber.MAX)) {
        ids[i] = JsonInteger.of(given.get(i));
      } else {
        fault(name + "/" + i, Faults.notAnInteger(1, WholeNumber.MAX));
      }
    }
    return ids;
  }

  /** Ids of users, each of which stands there once. */
  public long[] distinctIds(String name, int most) {
    long[] ids = ids(name, most);
    if (faults.isEmpty()) {
      Map<Long, Integer> first = new HashMap<>(2 * ids.length);
      for (int i = 0; i < ids.length; i++) {
        Integer before = first.putIfAbsent(ids[i], i);
        if (before != null) {
          fault(name + "/" + i, "stands at " + place + "/" + name + "/" + before + " already");
        }
      }
    }
    return ids;
  }

  /** Notes that a member is at fault. */
  public void fault(String name, String detail) {
    add("/" + name, detail);
  }

  private void add(String pointer, String detail) {
    faults.add(place + pointer, detail);
  }

  /** Throws a {@link Failure} of kind {@code INVALID} when anything is wrong. */
  public void refuseIfFaulty() {
    faults.refuseIfAny();
  }
}
