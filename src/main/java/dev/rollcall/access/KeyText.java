package dev.rollcall.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * The text of a key: {@code rck_}, 32 random letters and digits (190 bits), and 6 that are their
 * checksum, by which a scanner of source code tells a key from what only looks like one.
 */
public final class KeyText {
  /** What each begins with. */
  private static final String PREFIX = "rck_";

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM = 32;
  private static final int CHECKSUM = 6;
  private static final int LENGTH = PREFIX.length() + RANDOM + CHECKSUM;
  private static final SecureRandom SECURE = new SecureRandom();

  private KeyText() {}

  /** A new one. May wait for the system's randomness for a moment after its start. */
  public static String generate() {
    StringBuilder text = new StringBuilder(PREFIX);
    for (int i = 0; i < RANDOM; i++) {
      text.append(DIGITS.charAt(SECURE.nextInt(DIGITS.length())));
    }
    return text + checksum(text.substring(PREFIX.length()));
  }

  /**
   * Whether a text can be a key, by its beginning and its length. Its checksum is for scanners: who
   * looks the key up needs it not, and would pay for it as much as for the hash.
   */
  public static boolean isKey(String text) {
    return text.length() == LENGTH && text.startsWith(PREFIX);
  }

  private static String checksum(String random) {
    CRC32 crc = new CRC32();
    crc.update(random.getBytes(StandardCharsets.UTF_8));
    StringBuilder text = new StringBuilder();
    for (long left = crc.getValue(); text.length() < CHECKSUM; left /= DIGITS.length()) {
      text.append(DIGITS.charAt((int) (left % DIGITS.length())));
    }
    return text.reverse().toString();
  }
}
