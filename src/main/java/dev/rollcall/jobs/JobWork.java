package dev.rollcall.jobs;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.Caller;
import dev.rollcall.tracing.TraceSpan;
import dev.rollcall.tracing.Tracing;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is done for each user of a job. */
interface JobWork {
  /**
   * Begins with one user, on the caller's event loop, and completes there.
   *
   * @param client cancelled when nobody waits for the answer any more; its fetch is aborted
   * @return fails with whatever stands in the way, which is that user's result
   */
  Future<JobEntry> of(int position, long id, Cancellation client);

  /**
   * Works on a user within a span: the first of a trace of its own, since a job has millions of
   * users, and may go on for days on several nodes.
   *
   * @param tracing null where nothing is traced
   * @param job the job as a caller
   */
  static Future<JobEntry> traced(
      @Nullable Tracing tracing, Caller job, long user, Function<Caller, Future<JobEntry>> work) {
    if (tracing == null) {
      return work.apply(job);
    }
    TraceSpan span = tracing.root("job user");
    if (span.isRecorded()) {
      span.set("rollcall.job", job.requestId()).set("rollcall.user", user);
    }
    try {
      return work.apply(job.within(span)).onComplete(result -> end(span, result));
    } catch (RuntimeException e) {
      span.failed("failed").end();
      throw e;
    }
  }

  private static void end(TraceSpan span, AsyncResult<JobEntry> result) {
    JobEntry.Result recorded = result.succeeded() ? result.result().result() : null;
    if (result.failed() || (recorded != null && recorded.failed())) {
      span.failed("failed");
    }
    span.end();
  }
}
