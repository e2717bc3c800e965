package dev.rollcall.followers.traces;

import dev.rollcall.jobs.IdList;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;

/**
 * The results of jobs, as whoever erases a user sees them.
 *
 * <p>Safe for use by all threads; futures complete on the context of the caller, and fail with a
 * {@link dev.rollcall.base.Failure}, {@code UNAVAILABLE} where the store can't be reached.
 */
public interface JobResultStore {
  /** The users that a job is for. */
  record JobUsers(long job, IdList ids) {}

  /** The users of the job that comes next after an id; empty behind the last one. */
  Future<Optional<JobUsers>> usersAfter(long job);

  /**
   * Puts a problem in the place of a user's result, under the same number. Where the job has not
   * come to the user, the problem becomes the result, so that nothing else will; a job that has
   * ended without one is left as it is. Doing it twice is the same as once.
   *
   * @param position where the user stands among the job's users
   * @param line a JSON object of one line
   */
  Future<Void> replace(long job, int position, Buffer line, Instant now);
}
