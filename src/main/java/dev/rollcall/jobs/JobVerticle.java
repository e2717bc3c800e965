package dev.rollcall.jobs;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Futures;
import dev.rollcall.config.JobSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job after the other, on one event loop. There are {@code jobs.atOnce} instances.
 *
 * <p>Stopping hands back the job that it runs: what has ended is recorded, what is at work is
 * aborted, and whoever claims the job goes on with the rest.
 */
public final class JobVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(JobVerticle.class);

  /** How often it looks for a job without having been woken. */
  private static final long LOOK_MILLIS = 1000;

  private static final AtomicInteger INSTANCES = new AtomicInteger();
  private static final long PRUNE_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final Jobs jobs;
  private final Owner owner;
  private @Nullable JobRun running;
  private boolean claiming;
  private boolean stopping;
  private boolean troubled;
  private Future<?> turn = Future.succeededFuture();

  /**
   * An instance that does not run anything yet.
   *
   * @param process what this process is called where it holds a job
   */
  public JobVerticle(Jobs jobs, String process) {
    this.jobs = jobs;
    this.owner = new Owner(process, INSTANCES.getAndIncrement());
  }

  @Override
  public Future<?> start() {
    jobs.whenWaiting(this, () -> context.runOnContext(wake -> look()));
    vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    long prune = Math.min(PRUNE_MILLIS, Math.max(1, jobs.settings().keep().toMillis() / 10));
    vertx.setPeriodic(prune, tick -> prune());
    look();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    jobs.noLongerWaiting(this);
    JobRun run = running;
    if (run != null) {
      run.halt();
    }
    return turn;
  }

  private void look() {
    if (claiming || running != null || stopping) {
      return;
    }
    claiming = true;
    turn =
        Futures.guarded(() -> jobs.store().claim(owner, jobs.settings().lease()))
            .onComplete(any -> claiming = false)
            .compose(this::claimed)
            .onSuccess(fine -> troubled = false)
            .onFailure(this::heldUp)
            .otherwiseEmpty();
  }

  /** It looks again soon, and logs only the first failure of several. */
  private void heldUp(Throwable fault) {
    if (!troubled) {
      LOG.warn("jobs are held up: {}", fault.getMessage());
    }
    troubled = true;
  }

  private Future<Void> claimed(Optional<Claim> found) {
    if (found.isEmpty()) {
      return Future.succeededFuture();
    }
    Claim claim = found.get();
    if (stopping) {
      return jobs.store().handBack(claim);
    }
    // Composed, so that a throw as well leads to the end of the turn.
    return Future.succeededFuture(claim).compose(this::work).eventually(() -> over(claim));
  }

  private Future<Void> work(Claim claim) {
    JobWork work;
    try {
      work = jobs.work(claim.job());
    } catch (Failure cannot) {
      LOG.warn("job {} can't go on: {}", claim.job().id(), cannot.detail());
      return jobs.store().fail(claim, cannot.detail());
    }
    JobRun run = new JobRun(context, jobs.store(), claim, work, jobs.settings());
    running = run;
    jobs.runs(claim, run);
    LOG.info(
        "job {} runs, {} of {} done", claim.job().id(), claim.job().done(), claim.job().total());
    return run.run();
  }

  private Future<Void> over(Claim claim) {
    JobRun ended = running;
    running = null;
    jobs.runsNoMore(claim, ended);
    if (stopping) {
      return jobs.store().handBack(claim);
    }
    prune();
    context.runOnContext(next -> look());
    return Future.succeededFuture();
  }

  private void prune() {
    JobSettings settings = jobs.settings();
    jobs.store()
        .prune(Instant.now().minus(settings.keep()), settings.limit())
        .onSuccess(
            more -> {
              if (more && !stopping) {
                context.runOnContext(next -> prune());
              }
            })
        .onFailure(fault -> LOG.debug("ended jobs are not removed yet: {}", fault.getMessage()));
  }
}
