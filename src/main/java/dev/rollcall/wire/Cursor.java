package dev.rollcall.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of a list, which goes on after an id. They never expire and hold nothing of a node.
 * Their form is opaque to clients; the version in it tells the list and the form.
 *
 * @param version such as {@code u1:}
 */
public record Cursor(String version) {
  public String after(long id) {
    byte[] plain = (version + id).getBytes(StandardCharsets.US_ASCII);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }

  /** The id of a cursor; null for a text that {@link #after} does not give. */
  public @Nullable Long read(String cursor) {
    byte[] plain;
    try {
      plain = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String text = new String(plain, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(version)) {
      return null;
    }
    long id = WholeNumber.parse(text.substring(version.length()));
    // Base64 has several texts for the same bytes: only the one that we write is a cursor.
    return id >= 1 && id <= WholeNumber.MAX && after(id).equals(cursor) ? id : null;
  }
}
