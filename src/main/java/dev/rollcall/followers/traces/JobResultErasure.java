package dev.rollcall.followers.traces;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.traces.JobResultStore.JobUsers;
import dev.rollcall.wire.ProblemDocument;
import dev.rollcall.wire.ResultLine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;

/**
 * Replaces what jobs know of a user by a problem that says that he was erased. A result does not
 * say whose it is, so each job's list of users is looked through, off the event loops. Numbers and
 * pages of results stay as they are.
 *
 * @param clock that of the system, unless a test moves it
 */
public record JobResultErasure(Vertx vertx, JobResultStore store, Clock clock) {
  /** Stands for the job behind which there is none. */
  private static final long LAST = -1;

  /**
   * Erases a user from all jobs, one after the other. Jobs that start meanwhile find no user.
   *
   * @return fails where the store can't be reached; what was done by then stays
   */
  public Future<Void> erase(long user) {
    Promise<Void> erased = Promise.promise();
    next(0, user, erased);
    return erased.future();
  }

  /**
   * Goes on behind a job. Nothing of one job is kept for the next ones, of which there are many.
   */
  private void next(long behind, long user, Promise<Void> erased) {
    store
        .usersAfter(behind)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(LAST)
                    : erase(found.get(), user).map(found.get().job()))
        .onComplete(
            job -> {
              if (job == LAST) {
                erased.complete();
              } else {
                next(job, user, erased);
              }
            },
            erased::fail);
  }

  private Future<Void> erase(JobUsers users, long user) {
    return vertx
        .executeBlocking(() -> users.ids().position(user), false)
        .compose(
            position ->
                position < 0
                    ? Future.succeededFuture()
                    : store.replace(
                        users.job(), position, line(users.job(), user), clock.instant()));
  }

  private static Buffer line(long job, long user) {
    Failure erased = Failure.of(Kind.GONE, "the user was erased");
    Buffer line = Buffer.buffer();
    ResultLine.problem(line, user, Kind.GONE.status(), ProblemDocument.of(erased, "job-" + job));
    return line;
  }
}
