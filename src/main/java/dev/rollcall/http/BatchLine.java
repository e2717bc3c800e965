package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.ViewAnswer;
import dev.rollcall.wire.ProblemDocument;
import dev.rollcall.wire.ResultLine;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A line of a batch's answer: what became of one id.
 *
 * @param answer null where there was none
 * @param failure null where the answer is one
 */
record BatchLine(long id, @Nullable ViewAnswer answer, @Nullable Failure failure) {

  static BatchLine of(long id, ViewAnswer answer) {
    return new BatchLine(id, answer, answer.failure());
  }

  static BatchLine of(long id, Failure failure) {
    return new BatchLine(id, null, failure);
  }

  /**
   * Appends it as JSON: {@code {"id":1,"status":200,"answer":{…}}}, or with a problem instead.
   *
   * @param requestId by which a problem names the request
   */
  void append(Buffer lines, String requestId) {
    if (failure != null) {
      ResultLine.problem(lines, id, failure.kind().status(), problem(failure, requestId));
    } else if (answer != null) {
      ResultLine.answer(lines, id, 200, answer.json());
    }
    lines.appendByte((byte) '\n');
  }

  private Buffer problem(Failure why, String requestId) {
    return answer == null
        ? ProblemDocument.of(why, requestId)
        : ProblemDocument.of(why, requestId, answer.members());
  }
}
