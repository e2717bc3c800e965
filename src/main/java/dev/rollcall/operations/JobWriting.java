package dev.rollcall.operations;

import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.JobReader;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.wire.RequestHeaders;
import java.util.UUID;

/** Starting a job, and cancelling one. */
final class JobWriting {

  private JobWriting() {}

  static void start(Resources resources, Request request) {
    UUID key = RequestHeaders.idempotencyKey(request.headers());
    Jobs jobs = resources.localJobs();
    request.body(
        JobReader.BODY_LIMIT,
        body ->
            request.reply(
                jobs.start(jobs.reader().read(body, key, request.principal().name())),
                job -> request.accepted(JobJson.encode(job), "/jobs/" + job.id())));
  }

  /** Succeeds as well where nothing was left to be cancelled. */
  static void cancel(Resources resources, Request request) {
    Jobs jobs = resources.localJobs();
    request.reply(jobs.cancel(request.id()), job -> request.accepted(JobJson.encode(job), null));
  }
}
