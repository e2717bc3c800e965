package dev.rollcall.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: after an id. Holds nothing of any node and never expires.
 *
 * <p>The form is opaque to clients, so that it may change; the version within says which one, and
 * of which list.
 */
public final class Cursor {

  private final String version;

  /** The cursors of a list and a form, such as {@code u1:}. */
  public Cursor(String version) {
    this.version = version;
  }

  /** The cursor that stands behind an id. */
  public String after(long id) {
    byte[] plain = (version + id).getBytes(StandardCharsets.US_ASCII);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }

  /** The id that a cursor stands behind; null when it is none of ours, down to the last bit. */
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
    // Base64 lets several texts stand for the same bytes: only the one that we write is a cursor.
    return id >= 1 && id <= WholeNumber.MAX && after(id).equals(cursor) ? id : null;
  }
}
