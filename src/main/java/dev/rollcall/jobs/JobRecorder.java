package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the results of one claimed job in batches, one after the other, and keeps the claim
 * alive. A batch that the store could not take is offered again until it can, or until the job is
 * no longer ours. One that it says it would not take later either is given up, and with it the job.
 *
 * <p>Belongs to one event loop.
 */
final class JobRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(JobRecorder.class);

  /** No user is begun in the last part of a lease, so that two processes don't work at one job. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A batch is closed once it has this many bytes, whatever their number. */
  private static final long BYTES = 4 << 20;

  /** How long to wait before the store is offered a batch again; it doubles from try to try. */
  private static final long PAUSE_MILLIS = 250;

  private static final long LONGEST_PAUSE_MILLIS = 4_000;

  /** How often a batch is offered that the store says it would not take later either. */
  private static final int LASTING_TRIES = 3;

  private final Context context;
  private final JobStore store;
  private final Claim claim;
  private final JobSettings settings;
  private final Runnable whenRecorded;
  private final Runnable whenLost;
  private final Consumer<Failure> whenRefused;
  private final BitSet recorded;
  private List<JobEntry> waiting = new ArrayList<>();
  private long waitingBytes;
  private List<JobEntry> writing = List.of();
  private int watermark;
  private Deadline until;
  private long batchTimer = -1;
  private long leaseTimer = -1;
  private boolean troubled;
  private long pause = PAUSE_MILLIS;
  private int lasting;

  /** Whether the job was still ours after it became known here as one that runs. */
  private boolean confirmed;

  private boolean renewing;
  private boolean flushing;
  private boolean stopped;
  private Promise<Void> flushed = Promise.promise();

  /**
   * A recorder that holds nothing.
   *
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
    this.recorded = (BitSet) claim.recorded().clone();
    this.watermark = claim.watermark();
    this.until = claim.until();
  }

  /** Asks whether the job is still ours, and goes on asking; until then there is no room. */
  void start() {
    leaseTimer = context.owner().setPeriodic(settings.lease().toMillis() / 10, tick -> renew());
    renew();
  }

  /** Gives up its timers. What it still holds is dropped. */
  void stop() {
    stopped = true;
    context.owner().cancelTimer(leaseTimer);
    cancelBatchTimer();
  }

  /** Whether a position had its result before this claim, or has it by now. */
  boolean isRecorded(int position) {
    return position < watermark || recorded.get(position);
  }

  /** Whether another user may be begun. */
  boolean hasRoom() {
    return confirmed && !isFull() && until.remainingNanos() > QUIET_NANOS;
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
      batchTimer =
          context
              .owner()
              .setTimer(
                  settings.batchTime().toMillis(),
                  due -> {
                    batchTimer = -1;
                    write();
                  });
    }
  }

  /** Records all that it holds; completes once that is so, and not if the job is lost. */
  Future<Void> flush() {
    if (!flushing) {
      flushing = true;
      flushed = Promise.promise();
      write();
    }
    return flushed.future();
  }

  private void write() {
    if (stopped || !writing.isEmpty()) {
      return;
    }
    cancelBatchTimer();
    if (waiting.isEmpty()) {
      if (flushing) {
        flushing = false;
        flushed.complete();
      }
      return;
    }
    writing = waiting;
    waiting = new ArrayList<>();
    waitingBytes = 0;
    offer();
  }

  private void cancelBatchTimer() {
    if (batchTimer >= 0) {
      context.owner().cancelTimer(batchTimer);
      batchTimer = -1;
    }
  }

  private void offer() {
    if (!stopped) {
      recording().onComplete(this::offered);
    }
  }

  private Future<Optional<Deadline>> recording() {
    try {
      return store.record(claim, writing, watermarkOnceWritten(), settings.lease());
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private int watermarkOnceWritten() {
    writing.forEach(entry -> recorded.set(entry.position()));
    return recorded.nextClearBit(watermark);
  }

  private void offered(AsyncResult<Optional<Deadline>> result) {
    if (stopped) {
      return;
    }
    if (result.failed()) {
      notTaken(result.cause());
    } else if (result.result().isEmpty()) {
      whenLost.run();
    } else {
      troubled = false;
      pause = PAUSE_MILLIS;
      lasting = 0;
      until = result.result().get();
      watermark = recorded.nextClearBit(watermark);
      writing = List.of();
      // A timer that fired meanwhile found the store busy: what it was for has waited enough.
      if (flushing || isFull() || batchTimer < 0) {
        write();
      }
      whenRecorded.run();
    }
  }

  private void notTaken(Throwable fault) {
    if (!troubled) {
      LOG.warn("results of job {} wait: {}", claim.job().id(), fault.getMessage());
    }
    troubled = true;
    boolean mayPass = fault instanceof Failure known && known.kind() != Kind.INTERNAL;
    lasting = mayPass ? 0 : lasting + 1;
    if (lasting >= LASTING_TRIES) {
      LOG.error("results of job {} can't be recorded", claim.job().id(), fault);
      whenRefused.accept(Failure.of(Kind.INTERNAL, "its results can't be recorded"));
      return;
    }
    context.owner().setTimer(pause, again -> offer());
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }

  /**
   * Says a word in time where nothing else does, and lets work go on that a lease held up. Once the
   * lease is over, another process may have the job.
   */
  private void renew() {
    if (until.passed()) {
      LOG.warn("job {} is given up: the store was not heard of in time", claim.job().id());
      whenLost.run();
      return;
    }
    Duration lease = settings.lease();
    boolean fresh = confirmed && until.remainingNanos() > lease.toNanos() * 2 / 3;
    if (fresh || renewing || !writing.isEmpty()) {
      return;
    }
    renewing = true;
    renewal(lease).onComplete(this::renewed);
  }

  /** What it throws must not leave it waiting for an answer, or it would never ask again. */
  private Future<Optional<Deadline>> renewal(Duration lease) {
    try {
      return store.renew(claim, lease);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void renewed(AsyncResult<Optional<Deadline>> result) {
    renewing = false;
    if (stopped || result.failed()) {
      return; // It is tried again at the next tick; meanwhile the lease runs down.
    }
    if (result.result().isEmpty()) {
      whenLost.run();
    } else {
      confirmed = true;
      until = result.result().get();
      whenRecorded.run();
    }
  }
}
