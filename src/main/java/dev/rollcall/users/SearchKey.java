package dev.rollcall.users;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * The bytes by which names are compared: composed (NFC), without case. All stores compare these
 * bytes alone, so that they agree whatever their collation is.
 */
public final class SearchKey {
  private SearchKey() {}

  public static byte[] of(String text) {
    return fold(text).getBytes(StandardCharsets.UTF_8);
  }

  /** The first key above all that begin with this one, which must not be empty. */
  public static byte[] above(byte[] prefix) {
    // UTF-8 has no byte of 0xFF, so the last one can always be raised.
    byte[] bound = prefix.clone();
    bound[bound.length - 1]++;
    return bound;
  }

  private static String fold(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    StringBuilder folded = new StringBuilder(composed.length());
    // By code points: lowering a whole string depends on a letter's neighbours (the final sigma),
    // so
    // that a prefix would differ from its word. Upper case first joins letters that share a
    // capital.
    composed
        .codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    // A letter with its mark may have only a small form in one piece (U+01F0).
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }
}
