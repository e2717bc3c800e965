package dev.rollcall.jobs;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import dev.rollcall.wire.ProblemDocument;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One claimed job while it runs here: so many users are at work, and each that ends is a result and
 * makes room for the next.
 *
 * <pre>
 * ids → work (at most {@code concurrency} at once) → JobRecorder, in batches → the store
 * </pre>
 *
 * <p>While the store does not take results, no new user is begun, so memory holds two batches at
 * most and what was at work. Belongs to one event loop, but for {@link #cancelled}.
 */
final class JobRun {

  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  /** So many are begun before others on this event loop have their turn. */
  private static final int TURN = 64;

  /** What a store that takes nothing may hold up the end of this process. */
  private static final long FLUSH_MILLIS = 2000;

  private final Context context;
  private final JobStore store;
  private final Claim claim;
  private final JobWork work;
  private final JobRecorder recorder;
  private final IdList.Reader ids;
  private final Set<Cancellation> atWork = new HashSet<>();
  private final Promise<Void> over = Promise.promise();
  private boolean advancing;
  private boolean stopped;

  /** Seen at once, also where this event loop is in the midst of beginning some. */
  private volatile boolean unwanted;

  JobRun(Context context, JobStore store, Claim claim, JobWork work, JobSettings settings) {
    this.context = context;
    this.store = store;
    this.claim = claim;
    this.work = work;
    this.ids = claim.ids().reader();
    this.recorder =
        new JobRecorder(context, store, claim, settings, this::recorded, this::lost, this::refused);
  }

  /**
   * Begins, once the store says that the job is still its claimer's: whoever cancelled it before it
   * could be told here that it runs has not told anybody. Completes once nothing of it is under way
   * here any more, whatever came of it.
   */
  Future<Void> run() {
    skipRecorded();
    recorder.start();
    return over.future();
  }

  /** The job was cancelled: nothing more is begun, and what is at work is aborted. Any thread. */
  void cancelled() {
    unwanted = true;
    context.runOnContext(turn -> lost());
  }

  /**
   * Stops, so that another process can go on: aborts what is at work, and records what has ended.
   */
  Future<Void> halt() {
    if (!stopped) {
      abort();
      recorder
          .flush()
          .timeout(FLUSH_MILLIS, TimeUnit.MILLISECONDS)
          .onComplete(flushed -> finish("is handed back"));
    }
    return over.future();
  }

  /** It is no longer ours, or nobody's: what it still brings counts no more. */
  private void lost() {
    if (!stopped) {
      abort();
    }
    finish("runs here no more");
  }

  /**
   * It can't go on, here or elsewhere, and is told to have failed. Where even that can't be
   * recorded, it is claimed again.
   */
  private void refused(Failure why) {
    if (stopped) {
      return;
    }
    abort();
    recorder.stop();
    store.fail(claim, why.detail()).onComplete(told -> finish("has failed: " + why.detail()));
  }

  /** A fault of ours, which must not leave the job held here with nobody at work. */
  private void broken(RuntimeException fault) {
    LOG.error("job {} can't go on", claim.job().id(), fault);
    refused(Failure.of(Kind.INTERNAL, "internal error"));
  }

  private void abort() {
    stopped = true;
    List<Cancellation> unfinished = List.copyOf(atWork);
    atWork.clear();
    unfinished.forEach(Cancellation::cancel);
  }

  private void finish(String how) {
    recorder.stop();
    if (over.tryComplete()) {
      LOG.info("job {} {}", claim.job().id(), how);
    }
  }

  private void recorded() {
    if (!stopped) {
      advance();
    }
  }

  private void advance() {
    // One that ends before its work returns would lead here again.
    if (advancing) {
      return;
    }
    advancing = true;
    try {
      beginSome();
    } catch (RuntimeException e) {
      advancing = false;
      broken(e);
    }
  }

  /** Moves on as far as that goes without waiting. */
  private void beginSome() {
    for (int begun = 0; begun < TURN && mayBegin(); begun++) {
      begin(ids.position(), ids.next());
      skipRecorded();
    }
    if (mayBegin()) {
      context.runOnContext(turn -> goOn());
      return;
    }
    advancing = false;
    if (!stopped && !ids.hasNext() && atWork.isEmpty()) {
      recorder.flush().onSuccess(flushed -> end());
    }
  }

  private void goOn() {
    advancing = false;
    if (!stopped) {
      advance();
    }
  }

  private void end() {
    if (!stopped) {
      stopped = true;
      finish("is done");
    }
  }

  private boolean mayBegin() {
    return !stopped
        && !unwanted
        && ids.hasNext()
        && atWork.size() < claim.job().spec().concurrency()
        && recorder.hasRoom();
  }

  private void skipRecorded() {
    while (ids.hasNext() && recorder.isRecorded(ids.position())) {
      ids.next();
    }
  }

  private void begin(int position, long id) {
    Cancellation client = new Cancellation();
    atWork.add(client);
    entry(position, id, client).onComplete(result -> ended(position, id, client, result));
  }

  private Future<JobEntry> entry(int position, long id, Cancellation client) {
    try {
      return work.of(position, id, client);
    } catch (RuntimeException e) {
      // Whatever happens to one user is a result, and the others go on.
      return Future.failedFuture(e);
    }
  }

  private void ended(int position, long id, Cancellation client, AsyncResult<JobEntry> result) {
    atWork.remove(client);
    if (stopped) {
      return;
    }
    try {
      recorder.add(result.succeeded() ? result.result() : problem(position, id, result.cause()));
    } catch (RuntimeException e) {
      broken(e);
      return;
    }
    advance();
  }

  private JobEntry problem(int position, long id, Throwable cause) {
    String name = JobEntry.name(claim.job().id());
    Failure failure = Failure.from(cause, LOG, "{} failed for user {}", name, id);
    return JobEntry.failed(
        position, id, JobEntry.problem(id, failure, ProblemDocument.of(failure, name)));
  }
}
