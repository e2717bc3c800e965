package dev.rollcall.jobs;

import dev.rollcall.base.Failure;
import dev.rollcall.users.UserWrite;
import dev.rollcall.users.WriteOutcome;
import dev.rollcall.wire.ProblemDocument;
import dev.rollcall.wire.ResultLine;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one user, to be recorded.
 *
 * @param position where its id stands in the job's list
 * @param id the user's
 * @param write to be carried out in the transaction that records it, where its outcome is the
 *     result; null where there is none
 * @param result the result; null where there is a write
 */
public record JobEntry(
    int position, long id, UserWrite.@Nullable Put write, JobEntry.@Nullable Result result) {
  /**
   * A result.
   *
   * @param failed whether it is a problem
   * @param line a JSON object of one line
   */
  public record Result(boolean failed, Buffer line) {
    /** How many bytes it is taken to have where it is kept. */
    public int kept() {
      return JobResult.ROW + line.length();
    }
  }

  /** What a user takes beside its attributes, at most. */
  private static final int SMALL = 2048;

  private static final int CREATED = 201;
  private static final int OK = 200;

  static JobEntry written(int position, UserWrite.Put write) {
    return new JobEntry(position, write.id(), write, null);
  }

  static JobEntry answered(int position, long id, Buffer answer) {
    return new JobEntry(position, id, null, answer(id, OK, answer));
  }

  static JobEntry failed(int position, long id, Result problem) {
    return new JobEntry(position, id, null, problem);
  }

  /** Carries out a write; a {@link Failure} says that it must not happen. */
  public interface Writer<X extends Exception> {
    WriteOutcome write(UserWrite write) throws X;
  }

  /** The result, which a write brings where there is one. */
  public <X extends Exception> Result result(long job, Writer<X> writer) throws X {
    if (write == null) {
      return Objects.requireNonNull(result);
    }
    try {
      WriteOutcome outcome = writer.write(write);
      boolean created = outcome.kind() == WriteOutcome.Kind.CREATED;
      return answer(id, created ? CREATED : OK, outcome.user().json());
    } catch (Failure why) {
      return problem(id, why, ProblemDocument.of(why, name(job)));
    }
  }

  /** About how many bytes its result takes where it is kept. */
  int kept() {
    return write == null
        ? Objects.requireNonNull(result).kept()
        : JobResult.ROW + SMALL + write.draft().attributes().length();
  }

  /** About how many bytes it takes; one with a write has its user twice, as that and as result. */
  int size() {
    int bytes = result == null ? 0 : result.line.length();
    return write == null ? bytes : bytes + SMALL + 2 * write.draft().attributes().length();
  }

  /** What a job is called where requests have ids: in problems, and towards sources. */
  static String name(long job) {
    return "job-" + job;
  }

  private static Result answer(long id, int status, Buffer answer) {
    Buffer line = Buffer.buffer(answer.length() + 64);
    ResultLine.answer(line, id, status, answer);
    return new Result(false, line);
  }

  static Result problem(long id, Failure why, Buffer document) {
    Buffer line = Buffer.buffer(document.length() + 64);
    ResultLine.problem(line, id, why.kind().status(), document);
    return new Result(true, line);
  }
}
