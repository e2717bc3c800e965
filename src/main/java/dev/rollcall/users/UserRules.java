package dev.rollcall.users;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for a user's name and e-mail address. A rule answers what is wrong, or null. */
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

  private UserRules() {}

  /** A name without the white space around it, of which the non-breaking kinds are part. */
  static String trimmed(String name) {
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

  /** What is wrong with a name that is trimmed already. */
  static @Nullable String faultOfName(String name) {
    if (name.isEmpty()) {
      return "must not be empty or blank";
    }
    if (name.codePointCount(0, name.length()) > MAX_NAME_CODE_POINTS) {
      return "must have at most " + MAX_NAME_CODE_POINTS + " characters";
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      return "must not hold control characters";
    }
    if (name.codePoints().anyMatch(InvisibleCharacters::turnsDirection)) {
      return "must not hold characters that override the direction of text";
    }
    if (name.codePoints().allMatch(InvisibleCharacters::contains)) {
      return "must not be empty or blank";
    }
    return null;
  }

  /** What is wrong with an address. */
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
}
