package dev.rollcall.operations;

import dev.rollcall.access.AuditLog;
import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.jobs.Job;
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
                jobs.start(jobs.reader().read(body, key, request.principal().name()))
                    .onSuccess(job -> log(Event.JOB_STARTED, request, job)),
                job -> request.accepted(JobJson.encode(job), "/jobs/" + job.id())));
  }

  /** Succeeds as well where nothing was left to be cancelled. */
  static void cancel(Resources resources, Request request) {
    Jobs jobs = resources.localJobs();
    request.reply(
        jobs.cancel(request.id()).onSuccess(job -> log(Event.JOB_CANCELLED, request, job)),
        job -> request.accepted(JobJson.encode(job), null));
  }

  /** A repeated request is logged as well: what it finds is told as what it would have started. */
  private static void log(Event event, Request request, Job job) {
    AuditLog.log(event, request.principal().name(), "job:" + job.id(), request.address());
  }
}
