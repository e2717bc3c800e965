package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Futures;
import dev.rollcall.config.JobSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one claimed job: asks the store whether the job is still ours, and extends the lease
 * in time.
 *
 * <pre>
 *   UNCONFIRMED ── the store says that the job is ours ──▶ HELD
 *        └──────────────────────▶ ENDED ◀───────────────────┘
 * </pre>
 *
 * <p>Belongs to one event loop.
 */
final class JobLease {
  private static final Logger LOG = LoggerFactory.getLogger(JobLease.class);

  /** No user is begun in the last part of a lease, so that two processes don't work at one job. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

  private enum State {
    /** The store has not yet said that the job is ours since it became known here as running. */
    UNCONFIRMED,
    HELD,
    ENDED
  }

  private final Context context;
  private final JobStore store;
  private final Claim claim;
  private final Duration length;
  private final BooleanSupplier recording;
  private final Runnable whenExtended;
  private final Runnable whenLost;
  private State state = State.UNCONFIRMED;
  private Deadline until;
  private boolean asking;
  private long timer = -1;

  /**
   * The lease of a claim.
   *
   * @param recording whether results are being recorded, which extends the lease by itself
   * @param whenExtended runs when the store has said that the job is ours
   * @param whenLost runs when the job is no longer ours, or the store was not heard of in time
   */
  JobLease(
      Context context,
      JobStore store,
      Claim claim,
      JobSettings settings,
      BooleanSupplier recording,
      Runnable whenExtended,
      Runnable whenLost) {
    this.context = context;
    this.store = store;
    this.claim = claim;
    this.length = settings.lease();
    this.recording = recording;
    this.whenExtended = whenExtended;
    this.whenLost = whenLost;
    this.until = claim.until();
  }

  private void become(State next) {
    boolean mayBecome =
        switch (state) {
          case UNCONFIRMED, HELD -> next != State.UNCONFIRMED;
          case ENDED -> next == State.ENDED;
        };
    if (!mayBecome) {
      throw new IllegalStateException("a lease that is " + state + " can't become " + next);
    }
    state = next;
  }

  /** Asks whether the job is still ours, and goes on asking until the lease ends. */
  void start() {
    timer = context.owner().setPeriodic(length.toMillis() / 10, tick -> renew());
    renew();
  }

  /** Asks no more. */
  void end() {
    become(State.ENDED);
    context.owner().cancelTimer(timer);
  }

  /** Whether the lease lasts long enough for another user to be begun. */
  boolean allowsWork() {
    return state == State.HELD && until.remainingNanos() > QUIET_NANOS;
  }

  /** The lease is extended by results that were recorded. */
  void extend(Deadline later) {
    until = later;
  }

  /** Once the lease is over, another process may have the job. */
  private void renew() {
    if (until.passed()) {
      LOG.warn("job {} is given up: the store was not heard of in time", claim.job().id());
      whenLost.run();
      return;
    }
    boolean fresh = state == State.HELD && until.remainingNanos() > length.toNanos() * 2 / 3;
    if (fresh || asking || recording.getAsBoolean()) {
      return;
    }
    asking = true;
    Futures.guarded(() -> store.renew(claim, length)).onComplete(this::renewed);
  }

  private void renewed(AsyncResult<Optional<Deadline>> result) {
    asking = false;
    if (state == State.ENDED || result.failed()) {
      return; // After a failure it asks again at the next tick; meanwhile the lease runs down.
    }
    if (result.result().isEmpty()) {
      whenLost.run();
    } else {
      become(State.HELD);
      until = result.result().get();
      whenExtended.run();
    }
  }
}
