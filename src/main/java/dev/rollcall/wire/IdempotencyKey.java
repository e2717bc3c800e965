package dev.rollcall.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client writes in {@code Idempotency-Key}: 1 to 255 printable ASCII characters, bare or as
 * a string in double quotes (RFC 8941, as the IETF's draft of the header has it), which name the
 * same.
 *
 * <p>Writes are told apart by UUIDs. A key that is one stands for itself, in either case; of any
 * other one the UUID is made by SHA-256, so that no two are known to have the same.
 */
final class IdempotencyKey {

  private static final int LONGEST = 255;
  private static final int UUID_LENGTH = 36;

  private IdempotencyKey() {}

  /** Reads a key; null for what is none. */
  static @Nullable UUID parse(String value) {
    String trimmed = value.strip();
    String key = trimmed.startsWith("\"") ? unquoted(trimmed) : trimmed;
    if (key == null || key.isEmpty() || key.length() > LONGEST || !isPrintable(key)) {
      return null;
    }
    return isUuid(key) ? UUID.fromString(key) : digest(key);
  }

  /** What stands between the quotes; null where they don't end, or not at the end. */
  private static @Nullable String unquoted(String value) {
    StringBuilder text = new StringBuilder(value.length());
    int end = value.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = value.charAt(i);
      if (c == '"') {
        return null;
      }
      if (c == '\\') {
        i++;
        if (i == end || (value.charAt(i) != '"' && value.charAt(i) != '\\')) {
          return null;
        }
      }
      text.append(value.charAt(i));
    }
    return end > 0 && value.charAt(end) == '"' ? text.toString() : null;
  }

  private static boolean isPrintable(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static boolean isUuid(String text) {
    if (text.length() != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (dash ? c != '-' : !hex) {
        return false;
      }
    }
    return true;
  }

  /** A UUID of version 8 (RFC 9562), whose content is up to whoever makes it. */
  private static UUID digest(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.US_ASCII));
      ByteBuffer bytes = ByteBuffer.wrap(hash);
      long high = (bytes.getLong() & ~0xf000L) | 0x8000L;
      long low = (bytes.getLong() & ~(3L << 62)) | (2L << 62);
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
