package dev.rollcall.wire;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A place within valid JSON, which moves forward. It needs no tokens: {@link JsonIntake} has seen
 * them all, and what is skipped costs a look at each byte.
 *
 * <p>For what is not valid it throws an {@link IndexOutOfBoundsException}, or finds anything.
 */
final class JsonCursor {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** At the first of so many bytes. */
  JsonCursor(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.at = start;
    this.end = start + length;
  }

  /** The index of the next byte. */
  int at() {
    return at;
  }

  /** Skips spaces, and gives the byte behind them, without moving on. */
  byte peek() {
    while (isSpace(bytes[at])) {
      at++;
    }
    return bytes[at];
  }

  /** Skips spaces and the byte behind them, which it gives. */
  byte next() {
    byte next = peek();
    at++;
    return next;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Skips a value. */
  void skip() {
    switch (peek()) {
      case '"' -> skipString();
      case '{', '[' -> skipContainer();
      default -> skipScalar();
    }
  }

  private void skipString() {
    at++;
    while (bytes[at] != '"') {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    at++;
  }

  private void skipContainer() {
    int depth = 0;
    do {
      switch (bytes[at]) {
        case '"' -> {
          skipString();
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      at++;
    } while (depth > 0);
  }

  private void skipScalar() {
    while (at < end
        && bytes[at] != ','
        && bytes[at] != '}'
        && bytes[at] != ']'
        && !isSpace(bytes[at])) {
      at++;
    }
  }

  /** Moves behind the string that begins here; gives which of some texts it is, or -1. */
  int indexOf(byte[][] texts) {
    int start = at + 1;
    boolean escaped = false;
    at = start;
    while (bytes[at] != '"') {
      boolean escape = bytes[at] == '\\';
      escaped |= escape;
      at += escape ? 2 : 1;
    }
    at++;
    return escaped ? indexOf(texts, unescaped(start - 1, at)) : indexOf(texts, start, at - 1);
  }

  private int indexOf(byte[][] texts, int from, int to) {
    for (int i = 0; i < texts.length; i++) {
      byte[] text = texts[i];
      if (text.length == to - from && Arrays.equals(text, 0, text.length, bytes, from, to)) {
        return i;
      }
    }
    return -1;
  }

  private static int indexOf(byte[][] texts, byte[] text) {
    for (int i = 0; i < texts.length; i++) {
      if (Arrays.equals(texts[i], text)) {
        return i;
      }
    }
    return -1;
  }

  private byte[] unescaped(int from, int to) {
    try (JsonParser parser = StrictJson.FACTORY.createParser(bytes, from, to - from)) {
      parser.nextToken();
      return parser.getText().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("what is not JSON has no names in it", e);
    }
  }
}
