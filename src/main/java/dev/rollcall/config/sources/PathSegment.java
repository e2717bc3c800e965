package dev.rollcall.config.sources;

import java.text.Normalizer;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Judges a segment of a path with values in it by what servers may make of it: some decode before
 * they resolve, some decode twice, some take other characters for a slash or a dot.
 */
final class PathSegment {
  /** A text that changes by decoding more often is meant to deceive. */
  private static final int ROUNDS = 8;

  private static final Pattern ESCAPE = Pattern.compile("%(?:u([0-9a-fA-F]{4})|([0-9a-fA-F]{2}))");

  /** Overlong UTF-8, one character for each byte: a slash or a dot to some. */
  private static final Pattern OVERLONG =
      Pattern.compile(
          "[\u00C0\u00C1]([\u0080-\u00BF])"
              + "|\u00E0[\u0080\u0081]([\u0080-\u00BF])"
              + "|\u00F0\u0080[\u0080\u0081]([\u0080-\u00BF])");

  /** A slash or a backslash to some, though not to Unicode's NFKC. */
  private static final Pattern SEPARATOR =
      Pattern.compile("[/\\\\\u2044\u2215\u2216\u29F5\u29F8\u29F9\u00A5\u20A9]");

  /** Dropped by some, or stripped from the ends of a name. */
  private static final Pattern IGNORED = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Z}&&[^\0]]+");

  /** The end of a name to some: {@code ..;v=1}, {@code ..?}, a NUL. */
  private static final Pattern NAME_END = Pattern.compile("[;?#\0]");

  private static final List<String> ELSEWHERE = List.of(".", "..");

  private PathSegment() {}

  /**
   * Whether it may lead elsewhere: it is empty, or {@code .} or {@code ..} stands in it alone or
   * between separators. The values in the text are unescaped.
   */
  static boolean misleads(CharSequence text) {
    if (isPlain(text)) {
      return text.isEmpty() || ELSEWHERE.contains(text.toString());
    }
    if (text.charAt(0) == ';') {
      return true;
    }
    String folded = text.toString();
    for (int round = 0; ; round++) {
      String next = fold(folded);
      if (next.equals(folded)) {
        break;
      }
      if (round == ROUNDS) {
        return true;
      }
      folded = next;
    }
    return hasDots(folded);
  }

  /** Whether all servers read each of its characters alike. */
  private static boolean isPlain(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~' || "/\\%;?#".indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static String fold(String text) {
    String decoded = ESCAPE.matcher(text).replaceAll(PathSegment::character);
    String plain = OVERLONG.matcher(decoded).replaceAll(PathSegment::shortened);
    return Normalizer.normalize(plain, Normalizer.Form.NFKC);
  }

  private static String character(MatchResult escape) {
    String hex = escape.group(1) == null ? escape.group(2) : escape.group(1);
    return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(hex, 16)));
  }

  /** The last six bits, and the lowest one of the byte before. */
  private static String shortened(MatchResult bytes) {
    String text = bytes.group();
    int high = text.charAt(text.length() - 2) & 1;
    int low = text.charAt(text.length() - 1) & 0x3F;
    return Matcher.quoteReplacement(String.valueOf((char) (high << 6 | low)));
  }

  private static boolean hasDots(String folded) {
    for (String part : SEPARATOR.split(folded, -1)) {
      String name = IGNORED.matcher(NAME_END.split(part, 2)[0]).replaceAll("");
      if (ELSEWHERE.contains(name)) {
        return true;
      }
    }
    return false;
  }
}
