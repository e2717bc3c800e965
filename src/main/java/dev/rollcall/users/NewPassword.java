package dev.rollcall.users;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.wire.StrictJson;
import java.util.Set;

/** A password to be set. Never logged: neither {@code toString} nor faults contain the text. */
public sealed interface NewPassword {
  int MIN_CHARACTERS = 8;
  int MAX_CHARACTERS = 1024;

  /** The members of what a user sends about his own password. */
  Set<String> OWN = Set.of("password", "current");

  /** A password to be hashed here, 8 to 1024 characters. */
  record Plain(String password) implements NewPassword {
    @Override
    public String toString() {
      return "Plain[]";
    }
  }

  /** A hash that was made elsewhere, as a PHC or modular crypt string. */
  record Hashed(String hash) implements NewPassword {
    @Override
    public String toString() {
      return "Hashed[]";
    }
  }

  /** Reads {@code {"password":…}} or {@code {"hash":…}}. */
  static NewPassword read(JsonNode body) {
    ObjectNode object = object(body, Set.of("password", "hash"));
    if (object.size() != 1) {
      throw Failure.invalid("", "either password or hash is expected, and not both");
    }
    if (object.has("hash")) {
      return new Hashed(text(object, "hash", 1, MAX_CHARACTERS));
    }
    return plain(object);
  }

  /** Reads {@code {"password":…,"current":…}}: what a user sets who has a password already. */
  static NewPassword readOwn(JsonNode body) {
    return plain(object(body, OWN));
  }

  /** Reads what the user has now, of the same body. */
  static String readCurrent(JsonNode body) {
    return text(object(body, OWN), "current", 1, MAX_CHARACTERS);
  }

  private static Plain plain(ObjectNode object) {
    String password = text(object, "password", MIN_CHARACTERS, MAX_CHARACTERS);
    if (password.indexOf('\0') >= 0) {
      // Other programs end a text there.
      throw Failure.invalid("/password", "must not contain U+0000");
    }
    return new Plain(password);
  }

  /**
   * Reads {@code {"password":…}} to be verified: imported hashes may be of a shorter one, and older
   * ones of a text with U+0000.
   */
  static String readToVerify(JsonNode body) {
    return text(object(body, Set.of("password")), "password", 1, MAX_CHARACTERS);
  }

  private static ObjectNode object(JsonNode body, Set<String> known) {
    if (!(body instanceof ObjectNode object)) {
      throw Failure.invalid("", "a JSON object is expected");
    }
    for (var member : object.properties()) {
      if (!known.contains(member.getKey())) {
        throw Failure.invalid(StrictJson.pointerTo(member.getKey()), "unknown member");
      }
    }
    return object;
  }

  private static String text(ObjectNode object, String name, int min, int max) {
    JsonNode value = object.get(name);
    if (value == null) {
      throw Failure.invalid("/" + name, "is missing");
    }
    if (!value.isTextual()) {
      throw Failure.invalid("/" + name, "must be a string");
    }
    String text = value.textValue();
    int characters = text.codePointCount(0, text.length());
    if (characters < min || characters > max) {
      throw Failure.invalid("/" + name, "must have " + min + " to " + max + " characters");
    }
    return text;
  }
}
