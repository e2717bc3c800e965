package dev.rollcall.users;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for a user's name and e-mail address. */
public final class UserRules {
  public static final int MAX_NAME_CODE_POINTS = 200;
  public static final int MAX_EMAIL_LENGTH = 254;
  private static final int MAX_LOCAL_PART_LENGTH = 64;

  /** Atoms between single dots, in any script (RFC 6531); no quoted forms. */
  private static final Pattern LOCAL_PART =
      Pattern.compile(
          "[^\\p{Z}\\p{C}\"(),:;<>@\\[\\\\\\].]++(\\.[^\\p{Z}\\p{C}\"(),:;<>@\\[\\\\\\].]++)*+");

  /** Labels of letters, marks and digits between single dots, hyphens only inside a label. */
  private static final Pattern DOMAIN =
      Pattern.compile(
          "[\\p{L}\\p{M}\\p{N}]++(-++[\\p{L}\\p{M}\\p{N}]++)*+(\\.[\\p{L}\\p{M}\\p{N}]++(-++[\\p{L}\\p{M}\\p{N}]++)*+)*+");

  /**
   * Ranges of invisible characters beside white space, in ascending order: Unicode's
   * Default_Ignorable_Code_Point, and signs that are drawn as nothing. A name of them alone looks
   * empty; inside a name they may have a meaning.
   */
  private static final int[] INVISIBLE = {
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

  private UserRules() {}

  /** A name without the white space around it, non-breaking spaces included. */
  public static String trimmed(String name) {
    int start = 0;
    int end = name.length();
    while (start < end && isSpace(name.charAt(start))) {
      start++;
    }
    while (start < end && isSpace(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** What is wrong with a trimmed name; null for nothing. */
  static @Nullable String faultOfName(String name) {
    return faultOfName(name, MAX_NAME_CODE_POINTS);
  }

  /**
   * What is wrong with a trimmed name of something; null for nothing.
   *
   * @param most how many characters it may have
   */
  public static @Nullable String faultOfName(String name, int most) {
    if (name.isEmpty()) {
      return "must not be empty or blank";
    }
    if (name.codePointCount(0, name.length()) > most) {
      return "must have at most " + most + " characters";
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      return "must not hold control characters";
    }
    if (name.codePoints().anyMatch(UserRules::turnsDirection)) {
      return "must not hold characters that override the direction of text";
    }
    if (name.codePoints().allMatch(UserRules::isInvisible)) {
      return "must not be empty or blank";
    }
    return null;
  }

  /** What is wrong with an address; null for nothing. */
  static @Nullable String faultOfEmail(String email) {
    if (email.codePointCount(0, email.length()) > MAX_EMAIL_LENGTH) {
      return "must have at most " + MAX_EMAIL_LENGTH + " characters";
    }
    int at = email.lastIndexOf('@');
    boolean valid =
        at > 0
            && email.codePointCount(0, at) <= MAX_LOCAL_PART_LENGTH
            && LOCAL_PART.matcher(email.substring(0, at)).matches()
            && DOMAIN.matcher(email.substring(at + 1)).matches();
    return valid ? null : "is not an e-mail address, like alice@example.org";
  }

  private static boolean isInvisible(int character) {
    if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
      return true;
    }
    for (int i = 0; i < INVISIBLE.length && INVISIBLE[i] <= character; i += 2) {
      if (character <= INVISIBLE[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** Whether a character changes the direction of the text behind it, also behind the name. */
  private static boolean turnsDirection(int character) {
    return (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }
}
