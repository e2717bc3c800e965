package dev.rollcall.wire;

/** What clients wrote, as it stands in lines of the log. */
public final class LogText {

  private LogText() {}

  /** Appends what a client wrote so that it can't look like another field or another line. */
  public static void escape(StringBuilder line, String text, int longest) {
    int end = Math.min(text.length(), longest);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c > ' ' && c < 0x7F && c != '\\') {
        line.append(c);
      } else {
        line.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          line.append(Character.forDigit(c >> shift & 0xF, 16));
        }
      }
    }
    if (end < text.length()) {
      line.append("...");
    }
  }
}
