package dev.rollcall.users;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.PrimitiveIterator;

/**
 * The bytes by which e-mail addresses are compared: composed (NFC), without the case of ASCII
 * letters.
 *
 * <p>Secrets are sent to addresses, so characters that merely look alike differ: {@code ı}, {@code
 * ſ}, the Kelvin sign, and all that NFC would replace by another single character. A letter and its
 * marks are the same in one piece and in several.
 */
public final class EmailKey {
  private EmailKey() {}

  public static byte[] of(String email) {
    StringBuilder key = new StringBuilder(composed(email));
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        key.setCharAt(i, (char) (c + 'a' - 'A'));
      }
    }
    return key.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String composed(String email) {
    if (email.chars().allMatch(c -> c < 0x80)) {
      return email;
    }
    StringBuilder whole = new StringBuilder(email.length());
    StringBuilder part = new StringBuilder();
    PrimitiveIterator.OfInt characters = email.codePoints().iterator();
    while (characters.hasNext()) {
      int character = characters.nextInt();
      if (isReplaced(character)) {
        whole.append(nfc(part)).appendCodePoint(character);
        part.setLength(0);
      } else {
        part.appendCodePoint(character);
      }
    }
    return whole.append(nfc(part)).toString();
  }

  /** Whether NFC replaces it by another character, as the Kelvin sign by K. */
  private static boolean isReplaced(int character) {
    String composed = nfc(Character.toString(character));
    return composed.codePointCount(0, composed.length()) == 1
        && composed.codePointAt(0) != character;
  }

  private static String nfc(CharSequence text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
