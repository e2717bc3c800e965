package dev.rollcall.jobs;

import dev.rollcall.base.BoundedConcurrency;
import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import dev.rollcall.wire.ProblemDocument;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One claimed job while it runs here: what each user comes to is recorded as a result.
 *
 * <pre>
 * ids → BoundedConcurrency (work) → JobRecorder, in batches → the store
 * </pre>
 *
 * <p>While the store does not take results, no new user is begun, so memory holds two batches at
 * most and what was at work. Belongs to one event loop, but for {@link #cancelled}.
 */
final class JobRun implements BoundedConcurrency.Work<JobRun.Item, JobEntry> {
  /** A user of the job, and where it stands among the job's users. */
  record Item(int position, long id) {}

  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  /** What a store that takes nothing may hold up the end of this process. */
  private static final long FLUSH_MILLIS = 2000;

  private final Context context;
  private final JobStore store;
  private final Claim claim;
  private final JobWork work;
  private final JobRecorder recorder;
  private final IdList.Reader ids;
  private final BoundedConcurrency<Item, JobEntry> users;
  private final Promise<Void> over = Promise.promise();

  /** Users who were erased since it was claimed; few. */
  private final Set<Long> erased = ConcurrentHashMap.newKeySet();

  /** Seen at once, also where this event loop is in the midst of beginning some. */
  private volatile boolean unwanted;

  JobRun(Context context, JobStore store, Claim claim, JobWork work, JobSettings settings) {
    this.context = context;
    this.store = store;
    this.claim = claim;
    this.work = work;
    this.ids = claim.ids().reader();
    this.users = new BoundedConcurrency<>(context, claim.job().spec().concurrency(), this);
    this.recorder =
        new JobRecorder(context, store, claim, settings, this::recorded, this::lost, this::refused);
  }

  /**
   * Begins, once the store says that the job is still its claimer's: whoever cancelled it before it
   * could be told here that it runs has not told anybody. Completes once nothing of it is under way
   * here any more, whatever came of it.
   */
  Future<Void> run() {
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
    if (!users.cancelled()) {
      users.cancel();
      recorder
          .flush()
          .timeout(FLUSH_MILLIS, TimeUnit.MILLISECONDS)
          .onComplete(flushed -> finish("is handed back"));
    }
    return over.future();
  }

  /** It is no longer ours, or nobody's: what it still brings counts no more. */
  private void lost() {
    users.cancel();
    finish("runs here no more");
  }

  private void recorded() {
    if (recorder.isTooLarge()) {
      refused(Failure.of(Kind.TOO_LARGE, "its results take more than half of jobs.limit"));
    } else {
      users.advance();
    }
  }

  private void refused(Failure why) {
    if (!users.cancelled()) {
      users.cancel();
      fail(why);
    }
  }

  /**
   * It can't go on, here or elsewhere, and is told to have failed. Where even that can't be
   * recorded, it is claimed again.
   */
  private void fail(Failure why) {
    recorder.stop();
    store.fail(claim, why.detail()).onComplete(told -> finish("has failed: " + why.detail()));
  }

  /** A fault of ours, which must not leave the job held here with nobody at work. */
  @Override
  public void failed(RuntimeException fault) {
    LOG.error("job {} can't go on", claim.job().id(), fault);
    fail(Failure.of(Kind.INTERNAL, "internal error"));
  }

  private void finish(String how) {
    recorder.stop();
    if (over.tryComplete()) {
      LOG.info("job {} {}", claim.job().id(), how);
    }
  }

  @Override
  public boolean hasNext() {
    while (ids.hasNext() && recorder.isRecorded(ids.position())) {
      ids.next();
    }
    return ids.hasNext();
  }

  @Override
  public boolean hasRoom() {
    return !unwanted && recorder.hasRoom();
  }

  @Override
  public Item next() {
    return new Item(ids.position(), ids.next());
  }

  /** A user was erased, and is asked for no more. Any thread. */
  void forget(long user) {
    erased.add(user);
  }

  @Override
  public Future<JobEntry> begin(Item user, Cancellation client) {
    if (!erased.isEmpty() && erased.contains(user.id())) {
      return Future.failedFuture(Failure.of(Kind.GONE, "the user was erased"));
    }
    return work.of(user.position(), user.id(), client);
  }

  @Override
  public void ended(Item user, AsyncResult<JobEntry> result) {
    if (!users.cancelled()) {
      recorder.add(
          result.succeeded()
              ? result.result()
              : problem(user.position(), user.id(), result.cause()));
    }
  }

  @Override
  public void drained() {
    recorder.flush().onSuccess(flushed -> end());
  }

  private void end() {
    if (!users.cancelled()) {
      users.cancel();
      finish("is done");
    }
  }

  private JobEntry problem(int position, long id, Throwable cause) {
    String name = JobEntry.name(claim.job().id());
    Failure failure = Failure.from(cause, LOG, "{} failed for user {}", name, id);
    return JobEntry.failed(
        position, id, JobEntry.problem(id, failure, ProblemDocument.of(failure, name)));
  }
}
