package dev.rollcall.sources.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * What a {@link FaultyUpstream} says to one question instead of a plain answer, in HTTP/1.1. Each
 * gives the answer of the question's own id as {@code {"id":42}}, and may give that of another.
 */
public enum AnswerFault {
  PLAIN,
  CHUNKED,
  PIECES,
  INTERIM_AT_ONCE,
  INTERIM_LATE,
  INTERIM_WITHOUT_END,
  INTERIM_WITH_BODY,
  SECOND_ANSWER,
  SECOND_ANSWER_IN_PART,
  SECOND_AFTER_CHUNKS,
  SECOND_AFTER_REFUSED,
  SECOND_AFTER_CLOSE,
  BODY_OF_204,
  BODY_OF_304,
  LENGTH_TOO_SHORT,
  BOTH_LENGTHS,
  CHUNKED_IN_HTTP_1_0,
  KEPT_HTTP_1_0,
  CLOSE_IN_A_LIST,
  SWITCHING,
  REFUSED_STATUS,
  REFUSED_TYPE,
  TOO_LARGE,
  TRICKLED_ERROR,
  LATE,
  CUT,
  NO_ANSWER,
  EMPTY_LINES;

  /** The same number of each, but for what takes time, ends connections or is as it should be. */
  public static AnswerFault pick(Random random) {
    int n = random.nextInt(1000);
    if (n < 600) {
      return PLAIN;
    }
    AnswerFault fault = values()[random.nextInt(values().length)];
    boolean slow = fault == LATE || fault == TRICKLED_ERROR || fault == NO_ANSWER;
    return slow && random.nextInt(10) > 0 ? PLAIN : fault;
  }

  public static String json(long id) {
    return "{\"id\":" + id + "}";
  }

  /** A whole answer. */
  public static String answer(String status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\ncontent-type: application/json\r\n"
        + headers
        + "content-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  public static String ok(long id) {
    return answer("200 OK", "", json(id));
  }

  public static String chunked(long id) {
    String body = json(id);
    return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        + Integer.toHexString(body.length())
        + "\r\n"
        + body
        + "\r\n0\r\n\r\n";
  }

  public static Buffer bytes(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
