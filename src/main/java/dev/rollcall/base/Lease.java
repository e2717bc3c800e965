package dev.rollcall.base;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of what one process at a time works at, such as a job: asks the store whether it is
 * still ours, and extends the lease in time.
 *
 * <pre>
 *   UNCONFIRMED ── the store says that it is ours ──▶ HELD
 *        └──────────────────────▶ ENDED ◀───────────────────┘
 * </pre>
 *
 * <p>Belongs to one event loop.
 */
public final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /** Nothing is begun in the last part of a lease, so that two processes don't do the same. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

  private enum State {
    /** The store has not yet said that it is ours since it became known here as claimed. */
    UNCONFIRMED,
    HELD,
    ENDED
  }

  private final Context context;
  private final String what;
  private final Duration length;
  private final Supplier<Future<Optional<Deadline>>> renewal;
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
   * @param what what is claimed, for the log
   * @param until when another process may take it, unless the lease is extended
   * @param renewal asks the store to extend it by its length; empty when it is no longer ours
   * @param recording whether results are being recorded, which extends the lease by itself
   * @param whenExtended runs when the store has said that it is ours
   * @param whenLost runs when it is no longer ours, or the store was not heard of in time
   */
  public Lease(
      Context context,
      String what,
      Duration length,
      Deadline until,
      Supplier<Future<Optional<Deadline>>> renewal,
      BooleanSupplier recording,
      Runnable whenExtended,
      Runnable whenLost) {
    this.context = context;
    this.what = what;
    this.length = length;
    this.renewal = renewal;
    this.recording = recording;
    this.whenExtended = whenExtended;
    this.whenLost = whenLost;
    this.until = until;
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

  /** Asks whether it is still ours, and goes on asking until the lease ends. */
  public void start() {
    timer = context.owner().setPeriodic(length.toMillis() / 10, tick -> renew());
    renew();
  }

  /** Asks no more. */
  public void end() {
    become(State.ENDED);
    context.owner().cancelTimer(timer);
  }

  /** Whether the lease lasts long enough for more to be begun. */
  public boolean allowsWork() {
    return state == State.HELD && until.remainingNanos() > QUIET_NANOS;
  }

  /** The lease is extended by results that were recorded. */
  public void extend(Deadline later) {
    until = later;
  }

  /** Once the lease is over, another process may have it. */
  private void renew() {
    if (until.passed()) {
      LOG.warn("{} is given up: the store was not heard of in time", what);
      whenLost.run();
      return;
    }
    boolean fresh = state == State.HELD && until.remainingNanos() > length.toNanos() * 2 / 3;
    if (fresh || asking || recording.getAsBoolean()) {
      return;
    }
    asking = true;
    Futures.guarded(renewal).onComplete(this::renewed);
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
