package dev.rollcall.jobs;

import io.vertx.core.buffer.Buffer;

/**
 * What became of one user, as it is read.
 *
 * @param n from 1 on, in the order in which results were recorded, without gaps but where the store
 *     was put back to an earlier state meanwhile
 * @param line a JSON object of one line, without {@code n}
 */
public record JobResult(int n, Buffer line) {
  /** So many bytes a kept result is taken to have beside its line. */
  public static final int ROW = 100;

  private static final int BRACE = 1;

  /** Appends it as a line: {@code {"n":7,"id":1,"status":200,"answer":{…}}}. */
  public void append(Buffer lines) {
    lines
        .appendString("{\"n\":" + n + ",")
        .appendBuffer(line, BRACE, line.length() - BRACE)
        .appendByte((byte) '\n');
  }
}
