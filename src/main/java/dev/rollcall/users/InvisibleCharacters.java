package dev.rollcall.users;

/**
 * Characters of which nothing is seen: a name of them alone looks like none.
 *
 * <p>White space; what Unicode has programs ignore where they can't show it
 * (Default_Ignorable_Code_Point), among it joiners, soft hyphens, marks of direction, selectors of
 * variants and tags; and letters and signs that are drawn as nothing. Inside a name they may well
 * have a meaning.
 */
final class InvisibleCharacters {

  /** First and last of each range, in ascending order. */
  private static final int[] RANGES = {
    0x00AD, 0x00AD, // soft hyphen
    0x034F, 0x034F, // combining grapheme joiner
    0x061C, 0x061C, // Arabic letter mark
    0x115F, 0x1160, // Hangul fillers
    0x17B4, 0x17B5, // inherent vowels of Khmer
    0x180B, 0x180F, // Mongolian selectors and vowel separator
    0x200B, 0x200F, // zero width space, joiners, marks of direction
    0x202A, 0x202E, // embeddings and overrides of direction
    0x2060, 0x206F, // word joiner, invisible operators, isolates, deprecated ones
    0x2800, 0x2800, // Braille pattern without a dot
    0x3164, 0x3164, // Hangul filler
    0xFE00, 0xFE0F, // selectors of variants
    0xFEFF, 0xFEFF, // zero width no-break space
    0xFFA0, 0xFFA0, // half-width Hangul filler
    0xFFF0, 0xFFFB, // unassigned ones, and anchors of annotations
    0x13430, 0x1343F, // format controls of hieroglyphs
    0x16FE4, 0x16FE4, // Khitan filler
    0x1BCA0, 0x1BCA3, // format controls of shorthand
    0x1D159, 0x1D159, // musical null notehead
    0x1D173, 0x1D17A, // musical beams and slurs
    0xE0000, 0xE0FFF // tags, and more selectors of variants
  };

  private InvisibleCharacters() {}

  /** Whether nothing is seen of a character. */
  static boolean contains(int character) {
    if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
      return true;
    }
    for (int i = 0; i < RANGES.length && RANGES[i] <= character; i += 2) {
      if (character <= RANGES[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a character overrides, embeds or isolates a direction, so that what follows, also
   * behind the name, is shown in another order than it has.
   */
  static boolean turnsDirection(int character) {
    return (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }
}
