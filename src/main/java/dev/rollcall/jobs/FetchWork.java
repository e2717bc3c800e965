package dev.rollcall.jobs;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Caller;
import dev.rollcall.views.View;
import dev.rollcall.views.ViewAnswer;
import dev.rollcall.views.ViewRequest;
import dev.rollcall.views.Views;
import dev.rollcall.wire.ProblemDocument;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Future;

/** Fetches a view of each user. */
final class FetchWork implements JobWork {
  private final Views views;
  private final View view;
  private final Mode mode;
  private final Caller caller;

  FetchWork(Views views, Job job) {
    this.views = views;
    this.view = views.named(job.spec().name());
    this.mode = view.mode(null, "");
    this.caller = new Caller(JobEntry.name(job.id()), TraceContext.NONE);
  }

  @Override
  public Future<JobEntry> of(int position, long id, Cancellation client) {
    return JobWork.traced(
        views.tracing(), caller, id, traced -> fetch(position, id, client, traced));
  }

  private Future<JobEntry> fetch(int position, long id, Cancellation client, Caller caller) {
    Deadline deadline = Deadline.in(view.deadline());
    return views
        .fetch(new ViewRequest(view, mode, deadline, false, client, caller), id)
        .map(answer -> entry(position, id, answer));
  }

  private JobEntry entry(int position, long id, ViewAnswer answer) {
    Failure failure = answer.failure();
    if (failure == null) {
      return JobEntry.answered(position, id, answer.json());
    }
    return JobEntry.failed(
        position,
        id,
        JobEntry.problem(
            id, failure, ProblemDocument.of(failure, caller.requestId(), answer.members())));
  }
}
