package dev.rollcall.users;

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
}
