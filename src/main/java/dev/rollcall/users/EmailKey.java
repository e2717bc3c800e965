package dev.rollcall.users;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.PrimitiveIterator;

/**
 * The form in which e-mail addresses are compared, as bytes: without the case of ASCII letters, and
 * composed.
 *
 * <p>An address is where secrets are sent to, so whatever merely looks like a letter is another
 * one: {@code ı}, {@code ſ} and the Kelvin sign, which have the upper case or the composed form of
 * an ASCII letter, and every other sign that composing would replace by one which looks like it. A
 * letter and its marks are the same in one piece and in several.
 */
public final class EmailKey {

  private EmailKey() {}

  /** The key of an address. */
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

  /** Whether composing makes one other character of it, as a K of the Kelvin sign. */
  private static boolean isReplaced(int character) {
    String composed = nfc(Character.toString(character));
    return composed.codePointCount(0, composed.length()) == 1
        && composed.codePointAt(0) != character;
  }

  private static String nfc(CharSequence text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
