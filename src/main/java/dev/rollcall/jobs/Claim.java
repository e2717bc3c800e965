package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Lease;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.BooleanSupplier;

/**
 * A job that this process may run.
 *
 * @param epoch which claim of the job this is; nothing of an earlier one is recorded any more
 * @param watermark the position below which all ids have results
 * @param recorded the positions from there on that have results; not to be changed
 * @param bytes how many bytes it has
 * @param until when another process may take it, unless the claim is extended
 */
public record Claim(
    Job job, long epoch, IdList ids, int watermark, BitSet recorded, long bytes, Deadline until) {

  /** What keeps this claim alive; see {@link Lease}. */
  Lease lease(
      Context context,
      JobStore store,
      Duration length,
      BooleanSupplier recording,
      Runnable whenExtended,
      Runnable whenLost) {
    return new Lease(
        context,
        "job " + job.id(),
        length,
        until,
        () -> store.renew(this, length),
        recording,
        whenExtended,
        whenLost);
  }
}
