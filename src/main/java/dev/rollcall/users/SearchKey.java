package dev.rollcall.users;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * The form in which names are compared: composed, without case, as bytes.
 *
 * <p>The stores compare these bytes and nothing else, so that all of them agree, whatever collation
 * they were set up with.
 */
public final class SearchKey {

  private SearchKey() {}

  /** The key of a name. */
  public static byte[] of(String text) {
    return fold(text).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The first key that is above all keys with a prefix.
   *
   * @param prefix a key that is not empty
   */
  public static byte[] above(byte[] prefix) {
    // UTF-8 has no byte of 0xFF, so the last one can always be raised.
    byte[] bound = prefix.clone();
    bound[bound.length - 1]++;
    return bound;
  }

  private static String fold(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    StringBuilder folded = new StringBuilder(composed.length());
    // One code point at a time: lowering a whole string depends on what stands around a letter
    // (the final sigma), which would tear a prefix from its word. Upper case first brings together
    // letters that share a capital.
    composed
        .codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    // A letter and its mark may have no capital in one piece (U+01F0), so that only the small form
    // is composed.
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }
}
