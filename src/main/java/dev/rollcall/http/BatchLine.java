package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.budgets.OutboundShare;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.wire.ProblemDocument;
import dev.rollcall.wire.ResultLine;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A line of a batch's answer: what became of one id.
 *
 * @param answer null where there was none
 * @param failure null where the answer is one
 * @param share what it holds of the budget until it is written
 */
record BatchLine(
    long id, @Nullable ViewAnswer answer, @Nullable Failure failure, OutboundShare share) {

  static BatchLine of(long id, ViewAnswer answer, OutboundShare share) {
    return new BatchLine(id, answer, answer.failure(), share);
  }

  static BatchLine of(long id, Failure failure, OutboundShare share) {
    return new BatchLine(id, null, failure, share);
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
