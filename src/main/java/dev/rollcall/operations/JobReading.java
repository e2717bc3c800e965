package dev.rollcall.operations;

import dev.rollcall.jobs.JobJson;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.Jobs;

/** Jobs: which there are, and one of them. */
final class JobReading {

  private JobReading() {}

  static void list(Resources resources, Request request) {
    JobQuery query = JobQuery.read(request.parameters());
    request.reply(
        resources.localJobs().list(query, request.client()),
        page -> request.document(JobJson.encode(page)));
  }

  static void get(Resources resources, Request request) {
    Jobs jobs = resources.localJobs();
    request.reply(
        jobs.get(request.id(), request.client()), job -> request.document(JobJson.encode(job)));
  }
}
