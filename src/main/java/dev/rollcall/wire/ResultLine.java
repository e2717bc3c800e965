package dev.rollcall.wire;

import io.vertx.core.buffer.Buffer;

/** The result of one of many users, as a JSON object. */
public final class ResultLine {
  private ResultLine() {}

  /** Appends {@code {"id":1,"status":200,"answer":{…}}}. */
  public static void answer(Buffer line, long id, int status, Buffer answer) {
    append(line, id, status, "answer", answer);
  }

  /** Appends {@code {"id":9,"status":404,"problem":{…}}}. */
  public static void problem(Buffer line, long id, int status, Buffer document) {
    append(line, id, status, "problem", document);
  }

  private static void append(Buffer line, long id, int status, String member, Buffer value) {
    line.appendString("{\"id\":" + id + ",\"status\":" + status + ",\"" + member + "\":")
        .appendBuffer(value)
        .appendByte((byte) '}');
  }
}
