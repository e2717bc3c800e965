package dev.rollcall.warmup;

import java.nio.charset.StandardCharsets;

/**
 * A request as it is sent.
 *
 * @param line its first line, for messages
 * @param bytes head and body
 * @param status of the answer to it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never leaves this package.
record LoadRequest(String line, byte[] bytes, int status) {

  /**
   * A request of HTTP/1.1.
   *
   * @param headers each with its line break
   */
  static LoadRequest of(int status, String method, String target, String headers, String body) {
    String line = method + " " + target;
    StringBuilder text =
        new StringBuilder(line).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(headers);
    if (!body.isEmpty()) {
      // Bodies are ASCII.
      text.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    text.append("\r\n").append(body);
    return new LoadRequest(line, text.toString().getBytes(StandardCharsets.ISO_8859_1), status);
  }
}
