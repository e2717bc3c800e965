package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.sources.ViewAnswer;
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
    int status = failure == null ? 200 : failure.kind().status();
    lines.appendString("{\"id\":" + id + ",\"status\":" + status);
    if (failure != null) {
      lines.appendString(",\"problem\":").appendBuffer(problem(failure, requestId));
    } else if (answer != null) {
      lines.appendString(",\"answer\":").appendBuffer(answer.json());
    }
    lines.appendString("}\n");
  }

  private Buffer problem(Failure why, String requestId) {
    return answer == null
        ? Problems.document(why, requestId)
        : Problems.document(why, requestId, answer.members());
  }
}
