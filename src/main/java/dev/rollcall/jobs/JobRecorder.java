package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.base.Futures;
import dev.rollcall.base.Lease;
import dev.rollcall.config.JobSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the results of one claimed job in batches, and keeps the claim alive.
 *
 * <pre>
 *   GATHERING ── enough results, or their time ──▶ OFFERED ── not taken ──▶ PAUSED
 *       ▲                                           │   ▲                     │
 *       └──────────────── recorded ─────────────────┘   └──── after a pause ──┘
 * </pre>
 *
 * <p>A batch that the store could not take is offered again until it can, or until the job is no
 * longer ours. One that it says it would not take later either is given up, and with it the job.
 * Belongs to one event loop.
 */
final class JobRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(JobRecorder.class);

  /** A batch is closed once it has this many bytes, whatever their number. */
  private static final long BYTES = 4 << 20;

  /** The pause before the second try, which doubles from try to try up to the longest. */
  private static final long PAUSE_MILLIS = 250;

  private static final long LONGEST_PAUSE_MILLIS = 4_000;

  /** How often a batch is offered that the store says it would not take later either. */
  private static final int LASTING_TRIES = 3;

  private enum State {
    /** The store has nothing; results wait until they are a batch. */
    GATHERING,
    /** The store has a batch, and has not answered. */
    OFFERED,
    /** The store did not take the batch, which is offered again soon. */
    PAUSED,
    STOPPED
  }

  private final Context context;
  private final JobStore store;
  private final Claim claim;
  private final JobSettings settings;
  private final Runnable whenRecorded;
  private final Runnable whenLost;
  private final Consumer<Failure> whenRefused;
  private final Lease lease;
  private final RecordedPositions recorded;
  private State state = State.GATHERING;
  private List<JobEntry> waiting = new ArrayList<>();
  private long waitingBytes;

  /** Closes the batch whose time is over; -1 where it does not run. */
  private long batchTimer = -1;

  /** What the store is offered; empty while that is nothing. */
  private List<JobEntry> batch = List.of();

  /** What the last try was followed by; 0 unless it failed. */
  private long pause;

  /** How many tries in a row failed for a lasting reason. */
  private int lasting;

  /** Null while nobody waits for everything to be recorded. */
  private @Nullable Promise<Void> flushed;

  /**
   * @param whenRecorded runs after each batch
   * @param whenLost runs when the job is no longer ours
   * @param whenRefused told of a fault with which the results can't be recorded, now or later
   */
  JobRecorder(
      Context context,
      JobStore store,
      Claim claim,
      JobSettings settings,
      Runnable whenRecorded,
      Runnable whenLost,
      Consumer<Failure> whenRefused) {
    this.context = context;
    this.store = store;
    this.claim = claim;
    this.settings = settings;
    this.whenRecorded = whenRecorded;
    this.whenLost = whenLost;
    this.whenRefused = whenRefused;
    this.recorded = new RecordedPositions(claim);
    this.lease =
        claim.lease(
            context, store, settings.lease(), () -> !batch.isEmpty(), whenRecorded, whenLost);
  }

  private void become(State next) {
    boolean mayBecome =
        switch (state) {
          case GATHERING, PAUSED -> next == State.OFFERED || next == State.STOPPED;
          case OFFERED -> next != State.OFFERED;
          case STOPPED -> next == State.STOPPED;
        };
    if (!mayBecome) {
      throw new IllegalStateException("a recorder that is " + state + " can't become " + next);
    }
    state = next;
  }

  /** Begins to keep the claim alive. There is no room until the store has confirmed the claim. */
  void start() {
    lease.start();
  }

  /** Gives up its timers. What it still holds is dropped. */
  void stop() {
    become(State.STOPPED);
    lease.end();
    context.owner().cancelTimer(batchTimer);
  }

  /** Whether a position had its result before this claim, or has it by now. */
  boolean isRecorded(int position) {
    return recorded.contains(position);
  }

  /** Whether what it has recorded is more than a job may have, and not all. */
  boolean isTooLarge() {
    return recorded.exceed(settings.limit() / 2);
  }

  /** Whether another user may be begun. */
  boolean hasRoom() {
    return !isFull() && lease.allowsWork();
  }

  private boolean isFull() {
    return waiting.size() >= settings.batch() || waitingBytes >= BYTES;
  }

  void add(JobEntry entry) {
    waiting.add(entry);
    waitingBytes += entry.size();
    if (isFull()) {
      write();
    } else if (batchTimer < 0) {
      batchTimer = context.owner().setTimer(settings.batchTime().toMillis(), due -> batchDue());
    }
  }

  private void batchDue() {
    batchTimer = -1;
    write();
  }

  /** Records all that it holds; completes once that is so, and not if the job is lost. */
  Future<Void> flush() {
    Promise<Void> promise = flushed == null ? Promise.promise() : flushed;
    if (flushed == null) {
      flushed = promise;
      write();
    }
    return promise.future();
  }

  private void write() {
    if (state != State.GATHERING) {
      return;
    }
    context.owner().cancelTimer(batchTimer);
    batchTimer = -1;
    if (!waiting.isEmpty()) {
      batch = waiting;
      waiting = new ArrayList<>();
      waitingBytes = 0;
      offer();
    } else if (flushed != null) {
      Promise<Void> done = flushed;
      flushed = null;
      done.complete();
    }
  }

  private void offer() {
    if (state != State.STOPPED) {
      become(State.OFFERED);
      int below = recorded.offer(batch);
      Futures.guarded(() -> store.record(claim, batch, below, settings.lease()))
          .onComplete(this::offered);
    }
  }

  private void offered(AsyncResult<Optional<Deadline>> result) {
    if (state == State.STOPPED) {
      return;
    } else if (result.failed()) {
      notTaken(result.cause());
    } else if (result.result().isEmpty()) {
      whenLost.run();
    } else {
      become(State.GATHERING);
      recorded.take(batch);
      batch = List.of();
      pause = 0;
      lasting = 0;
      lease.extend(result.result().get());
      // A timer that fired meanwhile found the store busy: what it was for has waited enough.
      if (flushed != null || isFull() || batchTimer < 0) {
        write();
      }
      whenRecorded.run();
    }
  }

  private void notTaken(Throwable fault) {
    if (pause == 0) { // It is said once.
      LOG.warn("results of job {} wait: {}", claim.job().id(), fault.getMessage());
    }
    boolean mayPass = fault instanceof Failure known && known.kind() != Kind.INTERNAL;
    lasting = mayPass ? 0 : lasting + 1;
    if (lasting >= LASTING_TRIES) {
      LOG.error("results of job {} can't be recorded", claim.job().id(), fault);
      whenRefused.accept(Failure.of(Kind.INTERNAL, "its results can't be recorded"));
      return;
    }
    become(State.PAUSED);
    pause = pause == 0 ? PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    context.owner().setTimer(pause, again -> offer());
  }
}
