package dev.rollcall.users;

import dev.rollcall.wire.WholeNumber;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a list of users goes on: after an id. Holds nothing of any node and never expires.
 *
 * <p>The form is opaque to clients, so that it may change; the {@code u1} within says which one.
 */
final class Cursor {

  private static final String VERSION = "u1:";

  private Cursor() {}

  static String after(long id) {
    byte[] plain = (VERSION + id).getBytes(StandardCharsets.US_ASCII);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }

  /** The id that a cursor stands behind; null when it is none of ours, down to the last bit. */
  static @Nullable Long read(String cursor) {
    byte[] plain;
    try {
      plain = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      return null;
    }
    String text = new String(plain, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(VERSION)) {
      return null;
    }
    long id = WholeNumber.parse(text.substring(VERSION.length()));
    // Base64 lets several texts stand for the same bytes: only the one that we write is a cursor.
    return id >= 1 && id <= User.MAX_ID && after(id).equals(cursor) ? id : null;
  }
}
