package dev.rollcall.wire;

/** Whole numbers in paths, queries, headers and cursors. */
public final class WholeNumber {
  /** 2^53 − 1, the largest integer that every JSON reader keeps exactly. */
  public static final long MAX = (1L << 53) - 1;

  private static final int LONGEST = 16;

  private WholeNumber() {}

  /**
   * Reads a number from 0 to {@link #MAX} in plain decimal: no sign, no leading zeros.
   *
   * @return -1 when it is anything else
   */
  public static long parse(String text) {
    int length = text.length();
    if (length == 0 || length > LONGEST || (text.charAt(0) == '0' && length > 1)) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number <= MAX ? number : -1;
  }
}
