package dev.rollcall.users;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.wire.JsonMembers;
import dev.rollcall.wire.Parameters;
import org.jspecify.annotations.Nullable;

/** Reads what a client sends about a user, and reports every fault at once. */
public final class DraftReader {
  private static final String ID = "id";
  private static final String NAME = "name";
  private static final String EMAIL = "email";
  private static final String ATTRIBUTES = "attributes";

  /** So much of the name of an unknown member is told. */
  private static final int LONGEST_NAME = 200;

  private final JsonMembers members;

  private DraftReader(JsonNode body, boolean mayHaveMembersOfServer) {
    members = JsonMembers.of(body);
    for (var member : members.all()) {
      String name = member.getKey();
      if (UserSchema.SET_BY_SERVER.contains(name)) {
        if (!mayHaveMembersOfServer) {
          members.fault(name, "is set by the server and can't be given here");
        }
      } else if (!UserSchema.PLAIN_MEMBERS.contains(name) && !name.equals(ATTRIBUTES)) {
        members.fault(Parameters.shortened(name, LONGEST_NAME), "unknown member");
      }
    }
  }

  /** A new user ({@code POST}). */
  public static UserDraft create(JsonNode body) {
    return new DraftReader(body, false).draft(0);
  }

  /** The whole of a user ({@code PUT}); the body may repeat the id. */
  public static UserDraft replace(JsonNode body, long id) {
    return new DraftReader(body, true).draft(id);
  }

  /** A line of an import: the whole of a user, with an id or without one. */
  public static UserDraft line(JsonNode body) {
    return new DraftReader(body, true).draft(0);
  }

  /** A merge patch ({@code PATCH}); the body may repeat the id. */
  public static UserDraft.Patch patch(JsonNode body, long id) {
    return new DraftReader(body, false).patch(id);
  }

  private UserDraft.Patch patch(long expectedId) {
    id(expectedId);
    String name = members.has(NAME) ? name() : null;
    String email = email();
    JsonNode attributes = members.get(ATTRIBUTES);
    if (attributes != null && !attributes.isObject() && !attributes.isNull()) {
      members.fault(ATTRIBUTES, "must be an object or null");
    }
    members.refuseIfFaulty();
    return new UserDraft.Patch(
        name, email, members.has(EMAIL), attributes == null ? null : attributes.toString());
  }

  private UserDraft draft(long expectedId) {
    Long id = id(expectedId);
    String name = name();
    String email = email();
    String attributes = attributes();
    members.refuseIfFaulty();
    return new UserDraft(id, name, email, attributes);
  }

  /** The id in the body; null where it has none. With 0 any is expected. */
  private @Nullable Long id(long expected) {
    if (!members.has(ID)) {
      return null;
    }
    long id = members.id();
    if (id != 0 && expected != 0 && id != expected) {
      members.fault(ID, "differs from the id in the path");
    }
    return id;
  }

  private String name() {
    JsonNode given = members.get(NAME);
    if (given == null || !given.isTextual()) {
      return members.required(NAME);
    }
    String name = UserRules.trimmed(given.textValue());
    members.faultIfAny(NAME, UserRules.faultOfName(name));
    return name;
  }

  private @Nullable String email() {
    JsonNode email = members.get(EMAIL);
    if (email == null || email.isNull()) {
      return null;
    }
    if (!email.isTextual()) {
      members.fault(EMAIL, "must be a string or null");
      return null;
    }
    members.faultIfAny(EMAIL, UserRules.faultOfEmail(email.textValue()));
    return email.textValue();
  }

  private String attributes() {
    JsonNode attributes = members.get(ATTRIBUTES);
    if (attributes == null || attributes.isNull()) {
      return "{}";
    }
    if (!attributes.isObject()) {
      members.fault(ATTRIBUTES, "must be an object");
    }
    return attributes.toString();
  }
}
