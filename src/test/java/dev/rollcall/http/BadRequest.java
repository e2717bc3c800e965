package dev.rollcall.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be refused, and how.
 *
 * @param name a sentence about what is wrong with it
 * @param bytes the whole of it, a character a byte
 * @param status of the problem that it gets
 * @param pointer which {@code errors[].pointer} must be among the problem's; null when it has none
 * @param detail a part of the problem's detail, or of that of the pointer
 * @param headers that the answer must have
 */
record BadRequest(
    String name,
    String bytes,
    int status,
    @Nullable String pointer,
    String detail,
    Map<String, String> headers) {

  /** What stands in a table: the request line and headers, a blank line, and the body. */
  static BadRequest raw(String name, int status, String detail, String bytes) {
    return new BadRequest(name, bytes, status, null, detail, Map.of());
  }

  /** A request without a body, by its request line without the version and further headers. */
  static BadRequest head(String name, int status, String detail, String line, String... fields) {
    return raw(name, status, detail, headOf(line, fields) + "\r\n");
  }

  /** A request with a body of known length. */
  static BadRequest body(
      String name, int status, String detail, String line, String type, String body) {
    return raw(name, status, detail, withBody(line, type, body));
  }

  BadRequest at(String place) {
    return new BadRequest(name, bytes, status, place, detail, headers);
  }

  BadRequest answeredWith(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new BadRequest(name, bytes, status, pointer, detail, more);
  }

  boolean isHead() {
    return bytes.startsWith("HEAD ");
  }

  @Override
  public String toString() {
    return name;
  }

  static String withBody(String line, String type, String body) {
    return headOf(line, "Content-Type: " + type, "Content-Length: " + body.length())
        + "\r\n"
        + body;
  }

  static String headOf(String line, String... fields) {
    StringBuilder head = new StringBuilder(line).append(" HTTP/1.1\r\nHost: test\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head.toString();
  }

  /** Text as its UTF-8 bytes, a character a byte; apostrophes stand for quotation marks. */
  static String json(String text) {
    return utf8(text.replace('\'', '"'));
  }

  /** Text as its UTF-8 bytes, a character a byte. */
  static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
