package dev.rollcall.followers.traces;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.followers.traces.JobResultStore.JobUsers;
import dev.rollcall.wire.ProblemDocument;
import dev.rollcall.wire.ResultLine;
import io.vertx.core.Future;
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
  /**
   * Erases a user from all jobs, one after the other. Jobs that start meanwhile find no user.
   *
   * @return fails where the store can't be reached; what was done by then stays
   */
  public Future<Void> erase(long user) {
    return after(0, user);
  }

  private Future<Void> after(long job, long user) {
    return store
        .usersAfter(job)
        .compose(
            next ->
                next.isEmpty()
                    ? Future.succeededFuture()
                    : erase(next.get(), user).compose(done -> after(next.get().job(), user)));
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
