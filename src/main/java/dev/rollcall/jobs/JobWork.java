package dev.rollcall.jobs;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;

/** What is done for each user of a job. */
interface JobWork {
  /**
   * Begins with one user, on the caller's event loop, and completes there.
   *
   * @param client cancelled when nobody waits for the answer any more; its fetch is aborted
   * @return fails with whatever stands in the way, which is that user's result
   */
  Future<JobEntry> of(int position, long id, Cancellation client);
}
