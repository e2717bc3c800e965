package dev.rollcall.users;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.wire.Faults;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sends about a user, and reports every fault at once.
 *
 * <p>One instance reads one body: it collects the faults on the way.
 */
public final class DraftReader {

  private final Faults faults = new Faults();

  private DraftReader() {}

  /** A new user ({@code POST}). */
  public static UserDraft create(JsonNode body) {
    DraftReader reader = new DraftReader();
    return reader.draft(reader.object(body, false), null);
  }

  /**
   * The whole of a user ({@code PUT}).
   *
   * @param id the id that the request names; the body may repeat it or leave it out
   */
  public static UserDraft replace(JsonNode body, long id) {
    DraftReader reader = new DraftReader();
    return reader.draft(reader.object(body, true), id);
  }

  /** A line of an import: the whole of a user, with an id or without one. */
  public static UserDraft line(JsonNode body) {
    DraftReader reader = new DraftReader();
    return reader.draft(reader.object(body, true), null);
  }

  /**
   * A merge patch ({@code PATCH}).
   *
   * @param id the id that the request names; the body may repeat it
   */
  public static UserPatch patch(JsonNode body, long id) {
    DraftReader reader = new DraftReader();
    ObjectNode object = reader.object(body, false);
    reader.id(object, id);
    String name = object.has("name") ? reader.name(object) : null;
    String email = reader.email(object);
    JsonNode attributes = object.get("attributes");
    if (attributes != null && !attributes.isObject() && !attributes.isNull()) {
      reader.faults.add("/attributes", "must be an object or null");
    }
    reader.faults.refuseIfAny();
    return new UserPatch(name, email, object.has("email"), attributes);
  }

  private UserDraft draft(ObjectNode object, @Nullable Long expectedId) {
    Long id = id(object, expectedId);
    String name = name(object);
    String email = email(object);
    String attributes = attributes(object);
    faults.refuseIfAny();
    return new UserDraft(id, name, email, attributes);
  }

  private ObjectNode object(JsonNode body, boolean mayCarryServersMembers) {
    if (!(body instanceof ObjectNode object)) {
      throw Failure.invalid("", "a JSON object is expected");
    }
    for (var member : object.properties()) {
      String name = member.getKey();
      if (UserSchema.SET_BY_SERVER.contains(name)) {
        if (!mayCarryServersMembers) {
          faults.add("/" + name, "is set by the server and can't be given here");
        }
      } else if (!UserSchema.PLAIN_MEMBERS.contains(name) && !name.equals("attributes")) {
        faults.add(StrictJson.pointerTo(name), "unknown member");
      }
    }
    return object;
  }

  private @Nullable Long id(ObjectNode object, @Nullable Long expected) {
    JsonNode id = object.get("id");
    if (id == null) {
      return null;
    }
    if (!JsonInteger.isWithin(id, 1, User.MAX_ID)) {
      faults.add("/id", Faults.notAnInteger(1, User.MAX_ID));
    } else if (expected != null && JsonInteger.of(id) != expected) {
      faults.add("/id", "differs from the id in the path");
    }
    return JsonInteger.of(id);
  }

  private String name(ObjectNode object) {
    JsonNode name = object.get("name");
    if (name == null) {
      faults.add("/name", "is missing");
      return "";
    }
    if (!name.isTextual()) {
      faults.add("/name", "must be a string");
      return "";
    }
    String trimmed = UserRules.trimmed(name.textValue());
    check("/name", UserRules.faultOfName(trimmed));
    return trimmed;
  }

  private @Nullable String email(ObjectNode object) {
    JsonNode email = object.get("email");
    if (email == null || email.isNull()) {
      return null;
    }
    if (!email.isTextual()) {
      faults.add("/email", "must be a string or null");
      return null;
    }
    check("/email", UserRules.faultOfEmail(email.textValue()));
    return email.textValue();
  }

  private String attributes(ObjectNode object) {
    JsonNode attributes = object.get("attributes");
    if (attributes == null || attributes.isNull()) {
      return "{}";
    }
    if (!attributes.isObject()) {
      faults.add("/attributes", "must be an object");
    }
    return attributes.toString();
  }

  private void check(String pointer, @Nullable String fault) {
    if (fault != null) {
      faults.add(pointer, fault);
    }
  }
}
