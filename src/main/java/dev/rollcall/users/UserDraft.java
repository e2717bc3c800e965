package dev.rollcall.users;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.rollcall.wire.StrictJson;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user as a client wants it, valid by construction of {@link DraftReader}.
 *
 * @param id null when one is to be assigned, or when it stands elsewhere
 * @param name trimmed
 * @param email as given, or null
 * @param attributes a JSON object as text
 */
public record UserDraft(@Nullable Long id, String name, @Nullable String email, String attributes) {
  /** Whether a user already has this content; the order of members does not count. */
  boolean isContentOf(User user) {
    return user.name().equals(name)
        && Objects.equals(user.email(), email)
        && isSameJson(user.attributes(), attributes);
  }

  private static boolean isSameJson(String one, String other) {
    return one.equals(other) || StrictJson.read(one).equals(StrictJson.read(other));
  }

  /**
   * A JSON merge patch (RFC 7396) of a user, valid by construction of {@link DraftReader}.
   *
   * @param name the new name; null keeps it
   * @param email the new address when {@code setsEmail}; null clears it
   * @param setsEmail whether the patch names the address at all
   * @param attributes a merge patch as text, which takes a small part of the memory that a tree of
   *     it does while it waits; {@code "null"} empties them, null keeps them
   */
  public record Patch(
      @Nullable String name,
      @Nullable String email,
      boolean setsEmail,
      @Nullable String attributes) {
    UserDraft appliedTo(User user) {
      return new UserDraft(
          user.id(),
          name == null ? user.name() : name,
          setsEmail ? email : user.email(),
          mergedAttributes(user.attributes()));
    }

    String mergedAttributes(String current) {
      if (attributes == null) {
        return current;
      }
      JsonNode patch = StrictJson.read(attributes);
      return patch.isNull() ? "{}" : merge(StrictJson.read(current), patch).toString();
    }

    /** This patch as JSON: what it keeps is absent, what it clears is null. */
    public String text() {
      ObjectNode members = JsonNodeFactory.instance.objectNode();
      if (name != null) {
        members.put("name", name);
      }
      if (setsEmail) {
        members.put("email", email);
      }
      if (attributes != null) {
        members.putRawValue("attributes", new RawValue(attributes));
      }
      return members.toString();
    }

    private static JsonNode merge(JsonNode target, JsonNode patch) {
      if (!(patch instanceof ObjectNode members)) {
        return patch;
      }
      ObjectNode merged = target instanceof ObjectNode object ? object : members.objectNode();
      for (var member : members.properties()) {
        if (member.getValue().isNull()) {
          merged.remove(member.getKey());
        } else {
          JsonNode old = merged.path(member.getKey());
          merged.set(member.getKey(), merge(old, member.getValue()));
        }
      }
      return merged;
    }
  }
}
