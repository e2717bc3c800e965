package dev.rollcall.jobs;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port behind which jobs are kept.
 *
 * <p>Futures complete on the context of the caller. They fail with a {@link
 * dev.rollcall.base.Failure} only: {@code UNAVAILABLE} when the store can't be reached or too much
 * is waiting. A read whose client has gone, or that has waited for too long, is given up while it
 * waits.
 *
 * <p>Promises that every implementation keeps: what is acknowledged is durable; a job has one
 * result at most for each position; only the newest claim of a job can record anything, and only
 * while the job is running.
 */
public interface JobStore {
  /**
   * Records a job, or finds the one that was recorded under its key. One for no users has succeeded
   * at once.
   *
   * @return fails with {@code CONFLICT} when its key was used for something else, with {@code
   *     UNAVAILABLE} when too many jobs wait
   */
  Future<Job> start(NewJob job);

  /**
   * The job with this id.
   *
   * @param client cancelled when nobody waits for the answer any more
   */
  Future<Optional<Job>> find(long id, Cancellation client);

  /**
   * A page of jobs, the newest first.
   *
   * @param client cancelled when nobody waits for the answer any more
   */
  Future<JobPage> list(JobQuery query, Cancellation client);

  /**
   * Some results of a job in their order, of a job that is not there none.
   *
   * @param after only those with a higher n
   * @param limit how many at most; there may be fewer though more follow, but never none
   * @param client cancelled when nobody waits for the answer any more
   */
  Future<List<JobResult>> results(long id, long after, int limit, Cancellation client);

  /**
   * Ids of all users, in ascending order.
   *
   * @param after only those above it
   * @param limit how many at most; fewer are the last ones
   */
  Future<long[]> userIds(long after, int limit);

  /**
   * Takes the oldest job that waits, that this owner held before, or whose process has not been
   * heard of for its lease.
   *
   * @param owner who takes it, and has none
   * @param lease for how long it is its own without a further word
   */
  Future<Optional<Claim>> claim(Owner owner, Duration lease);

  /**
   * Records results in one transaction, with the writes that they are the results of. One whose
   * position has a result already changes nothing. With the last one the job has succeeded.
   *
   * @param watermark a position below which all have results once these are recorded
   * @return until when the job is its claimer's from then on; empty, and nothing recorded, when it
   *     is no more
   */
  Future<Optional<Deadline>> record(
      Claim claim, List<JobEntry> entries, int watermark, Duration lease);

  /** Extends a claim; empty when the job is no longer the claimer's. */
  Future<Optional<Deadline>> renew(Claim claim, Duration lease);

  /** Ends a job that can't go on, unless it is no longer the claimer's. */
  default Future<Void> fail(Claim claim, String detail) {
    return leave(claim, JobState.FAILED, detail);
  }

  /** Leaves a job to whoever takes it next, unless it is no longer the claimer's. */
  default Future<Void> handBack(Claim claim) {
    return leave(claim, JobState.INTERRUPTED, null);
  }

  /** Lets go of a job, in a state and for a reason, unless it is no longer the claimer's. */
  Future<Void> leave(Claim claim, JobState state, @Nullable String detail);

  /**
   * Cancels a job, unless it has ended.
   *
   * @return the job as it is then; fails with {@code NOT_FOUND}
   */
  Future<Job> cancel(long id);

  /**
   * Is told of what other processes change. Hints: what is missed shows when the store is next
   * asked. Called on the store's threads, which must not be kept.
   */
  interface Listener {
    /** There may be a job that waits. */
    void waiting();

    /** A job may have been cancelled. */
    void cancelled(long id);
  }

  /** Has a listener told of what other processes change, where there can be any. */
  void listen(Listener listener);

  /**
   * Removes some of what belongs to jobs that ended before a time, and where all jobs together have
   * more than a number of bytes, to that which ended first.
   *
   * @return whether there may be more to remove
   */
  Future<Boolean> prune(Instant before, long limit);
}
