package dev.rollcall.operations;

import dev.rollcall.access.AuditLog.Event;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scope;
import dev.rollcall.access.Scopes;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobReader;
import dev.rollcall.jobs.JobRequest;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.wire.RequestHeaders;
import io.vertx.core.Future;
import java.util.UUID;

/** Jobs: starting, reading and cancelling them. Each needs the scope of what it does as well. */
public final class JobCalls {

  private JobCalls() {}

  static void start(Resources resources, Request request) {
    UUID key = RequestHeaders.idempotencyKey(request.headers());
    Jobs jobs = resources.localJobs();
    request.body(
        JobReader.BODY_LIMIT,
        body -> {
          JobRequest asked = jobs.reader().read(body, key, request.principal().name());
          require(request.principal(), asked.spec());
          request.reply(
              jobs.start(asked)
                  .onSuccess(job -> request.audit(Event.JOB_STARTED, "job:" + job.id())),
              job -> request.accepted(JobJson.encode(job), "/jobs/" + job.id()));
        });
  }

  /** A page of jobs, which may have fewer than there are: without those of other scopes. */
  static void list(Resources resources, Request request) {
    JobQuery query = JobQuery.read(request.parameters());
    request.reply(
        resources.localJobs().list(query, request.client()),
        page -> request.document(JobJson.encode(page.only(job -> mayDo(request, job.spec())))));
  }

  static void get(Resources resources, Request request) {
    request.reply(find(resources, request), job -> request.document(JobJson.encode(job)));
  }

  /** Succeeds as well where nothing was left to be cancelled. */
  static void cancel(Resources resources, Request request) {
    Jobs jobs = resources.localJobs();
    Future<Job> cancelled =
        mayDoAll(request.principal())
            ? jobs.cancel(request.id())
            : find(resources, request).compose(job -> jobs.cancel(job.id()));
    request.reply(
        cancelled.onSuccess(job -> request.audit(Event.JOB_CANCELLED, "job:" + job.id())),
        job -> request.accepted(JobJson.encode(job), null));
  }

  /** The job that is asked for; fails where there is none, or its caller may not do the same. */
  public static Future<Job> find(Resources resources, Request request) {
    Principal caller = request.principal();
    return resources
        .localJobs()
        .get(request.id(), request.client())
        .map(
            job -> {
              require(caller, job.spec());
              return job;
            });
  }

  /** A repeated request is logged as well: what it finds is told as what it would have started. */
  /** Whether its scopes open whatever a job does, so that nobody has to look which one it is. */
  private static boolean mayDoAll(Principal caller) {
    Scopes held = caller.scopes();
    return held.hold(Scope.VIEWS_READ.text()) && held.hold(Scope.USERS_WRITE.text());
  }

  private static boolean mayDo(Request request, JobSpec spec) {
    return request.principal().scopes().hold(scope(spec));
  }

  private static void require(Principal caller, JobSpec spec) {
    caller.require(scope(spec));
  }

  private static String scope(JobSpec spec) {
    return switch (spec.kind()) {
      case FETCH -> Scope.VIEWS_READ.text() + ":" + spec.name();
      case IMPORT -> Scope.USERS_WRITE.text();
    };
  }
}
