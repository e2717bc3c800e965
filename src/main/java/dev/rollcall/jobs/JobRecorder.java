package dev.rollcall.jobs;

import dev.rollcall.base.Deadline;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the results of one claimed job in batches, one after the other, and keeps the claim
 * alive. A batch that the store could not take is offered again until it can, or until the job is
 * no longer ours.
 *
 * <p>Belongs to one event loop.
 */
final class JobRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(JobRecorder.class);

  /** No user is begun in the last part of a lease, so that two processes don't work at one job. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A batch is closed once it has this many bytes, whatever their number. */
  private static final long BYTES = 4 << 20;

  /** How long to wait before the store is offered a batch again. */
  private static final long PAUSE_MILLIS = 250;

  private final Context context;
  private final JobStore store;
  private final Claim claim;
  private final JobSettings settings;
  private final Runnable whenRecorded;
  private final Runnable whenLost;
  private final BitSet recorded;
  private List<JobEntry> waiting = new ArrayList<>();
  private long waitingBytes;
  private List<JobEntry> writing = List.of();
  private int watermark;
  private Deadline until;
  private long batchTimer = -1;
  private long leaseTimer = -1;
  private boolean troubled;

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
   */
  JobRecorder(
      Context context,
      JobStore store,
      Claim claim,
      JobSettings settings,
      Runnable whenRecorded,
      Runnable whenLost) {
    this.context = context;
    this.store = store;
    this.claim = claim;
    this.settings = settings;
    this.whenRecorded = whenRecorded;
    this.whenLost = whenLost;
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
      store
          .record(claim, writing, watermarkOnceWritten(), settings.lease())
          .onComplete(this::offered);
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
      if (!troubled) {
        LOG.warn("results of job {} wait: {}", claim.job().id(), result.cause().getMessage());
      }
      troubled = true;
      context.owner().setTimer(PAUSE_MILLIS, again -> offer());
    } else if (result.result().isEmpty()) {
      whenLost.run();
    } else {
      troubled = false;
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
    store.renew(claim, lease).onComplete(this::renewed);
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
