package dev.rollcall.wire;

import dev.rollcall.base.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Idempotency-Key}: 1 to 255 printable ASCII characters, bare or as a string in double
 * quotes (RFC 8941), which mean the same.
 *
 * <p>Writes are identified by UUIDs. A key that is one stands for itself, in either case; for any
 * other the UUID is made by SHA-256.
 */
final class IdempotencyKey {
  private static final int LONGEST = 255;
  private static final Pattern UUIDS =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private IdempotencyKey() {}

  /** Null for a malformed key. */
  static @Nullable UUID parse(String value) {
    String trimmed = value.strip();
    String key = trimmed.startsWith("\"") ? unquoted(trimmed) : trimmed;
    if (key == null || key.isEmpty() || key.length() > LONGEST || !isPrintable(key)) {
      return null;
    }
    return UUIDS.matcher(key).matches() ? UUID.fromString(key) : digest(key);
  }

  /** The text between the quotes; null where the closing one is not at the end. */
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

  /** A UUID of version 8 (RFC 9562), whose content is free. */
  private static UUID digest(String key) {
    ByteBuffer bytes = ByteBuffer.wrap(Sha256.of(key.getBytes(StandardCharsets.US_ASCII)));
    long high = (bytes.getLong() & ~0xf000L) | 0x8000L;
    long low = (bytes.getLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low);
  }
}
