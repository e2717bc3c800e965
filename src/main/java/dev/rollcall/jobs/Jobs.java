package dev.rollcall.jobs;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.JobSettings;
import dev.rollcall.views.Views;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background jobs, as every transport offers them. One for a process; safe for use by all threads.
 *
 * <p>Futures complete on the context of the caller, and fail with a {@link Failure} only.
 */
public final class Jobs implements JobStore.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  /** How many ids of users are read at once. */
  private static final int PAGE = 10_000;

  /** How many users a job may be for: a list of their ids is kept in memory while it runs. */
  private static final int MOST_USERS = 10_000_000;

  /** How many jobs for all users are started at once: until then, their lists are in memory. */
  private static final int LISTS = 16;

  private final JobStore store;
  private final Views views;
  private final JobSettings settings;
  private final Map<Object, Runnable> waiting = new ConcurrentHashMap<>();
  private final Map<Long, JobRun> running = new ConcurrentHashMap<>();
  private final Map<Object, Follower> followers = new ConcurrentHashMap<>();
  private final Semaphore lists = new Semaphore(LISTS);

  /** Who wants to know when a job has ended here. */
  private record Follower(long job, Runnable whenEnded) {}

  private Jobs(JobStore store, Views views, JobSettings settings) {
    this.store = store;
    this.views = views;
    this.settings = settings;
  }

  /** The jobs of a store, told of what other processes change in it. */
  public static Jobs over(JobStore store, Views views, JobSettings settings) {
    Jobs jobs = new Jobs(store, views, settings);
    store.listen(jobs);
    return jobs;
  }

  @Override
  public void waiting() {
    waiting.values().forEach(Runnable::run);
  }

  @Override
  public void cancelled(long id) {
    JobRun run = running.get(id);
    if (run != null) {
      run.cancelled();
    }
    notifyFollowers(id);
  }

  /** What reads a request for a job. */
  public JobReader reader() {
    return new JobReader(views, settings);
  }

  /**
   * Starts a job, or finds the one that was started by the same request; succeeds once that is
   * durable. For all users means for those that are there now.
   *
   * @return fails with {@code CONFLICT} when the key was used for another request, with {@code
   *     UNAVAILABLE} when too many jobs wait, or are being started for all users
   */
  public Future<Job> start(JobRequest request) {
    if (!request.spec().all()) {
      return start(request, request.ids());
    }
    if (!lists.tryAcquire()) {
      return Future.failedFuture(
          Failure.of(
              Kind.UNAVAILABLE, "not written: too many jobs for all users are being started"));
    }
    return allIds().compose(ids -> start(request, ids)).onComplete(any -> lists.release());
  }

  private Future<Job> start(JobRequest request, IdList ids) {
    return store.start(request.of(ids, settings.queue())).onSuccess(job -> waiting());
  }

  private Future<IdList> allIds() {
    Promise<IdList> all = Promise.promise();
    readIds(new IdList.Builder(), 0, all);
    return all.future();
  }

  private void readIds(IdList.Builder ids, long after, Promise<IdList> all) {
    store.userIds(after, PAGE).onComplete(page -> addIds(page, ids, all), all::fail);
  }

  private void addIds(long[] page, IdList.Builder ids, Promise<IdList> all) {
    if (ids.size() + page.length > MOST_USERS) {
      all.fail(Failure.of(Kind.CONFLICT, "a job may be for " + MOST_USERS + " users at most"));
      return;
    }
    for (long id : page) {
      ids.add(id);
    }
    if (page.length < PAGE) {
      all.complete(ids.build());
    } else {
      readIds(ids, page[page.length - 1], all);
    }
  }

  /**
   * The job with this id; fails with {@code NOT_FOUND}.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  public Future<Job> get(long id, Cancellation client) {
    return store.find(id, client).compose(Jobs::there);
  }

  private static Future<Job> there(Optional<Job> found) {
    return found.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(notFound()));
  }

  /** The failure for an id that no job has. */
  public static Failure notFound() {
    return Failure.of(Kind.NOT_FOUND, "there is no such job");
  }

  /**
   * A page of jobs, the newest first.
   *
   * @param client a read that it no longer wants is dropped, unless it has begun
   */
  public Future<JobPage> list(JobQuery query, Cancellation client) {
    return store.list(query, client);
  }

  /** Some results of a job in their order; see {@link JobStore#results}. */
  public Future<List<JobResult>> results(long id, long after, int limit, Cancellation client) {
    return store.results(id, after, limit, client);
  }

  /**
   * Cancels a job: where it runs here, nothing more is begun by the time that this succeeds, and
   * what is at work is aborted. One that has ended is left as it is.
   *
   * @return the job as it is then; fails with {@code NOT_FOUND}
   */
  public Future<Job> cancel(long id) {
    return store.cancel(id).onSuccess(job -> cancelled(id));
  }

  /**
   * Until {@link #unfollow}, runs something on any thread when a job has ended in this process or
   * was cancelled in any; that it ended in another process is not noticed.
   */
  public void follow(long id, Object who, Runnable whenEnded) {
    followers.put(who, new Follower(id, whenEnded));
  }

  public void unfollow(Object who) {
    followers.remove(who);
  }

  private void notifyFollowers(long id) {
    for (Follower follower : followers.values()) {
      if (follower.job() == id) {
        wake(follower);
      }
    }
  }

  /** A follower that throws must not keep the others from being notified. */
  private static void wake(Follower follower) {
    try {
      follower.whenEnded().run();
    } catch (RuntimeException e) {
      LOG.error("a follower of job {} can't be told", follower.job(), e);
    }
  }

  JobStore store() {
    return store;
  }

  JobSettings settings() {
    return settings;
  }

  /** What is to be done for a job; throws a {@link Failure} where it can't go on. */
  JobWork work(Job job) {
    return switch (job.spec().kind()) {
      case FETCH -> new FetchWork(views, job);
      case IMPORT -> new ImportWork(views, job);
    };
  }

  /** Runs something, on any thread, whenever there may be a job to be claimed. */
  void whenWaiting(Object who, Runnable wake) {
    waiting.put(who, wake);
  }

  void noLongerWaiting(Object who) {
    waiting.remove(who);
  }

  void runs(Claim claim, JobRun run) {
    running.put(claim.job().id(), run);
  }

  /** Has the jobs that run here pass over a user who was erased. */
  public void forget(long user) {
    running.values().forEach(run -> run.forget(user));
  }

  /**
   * A job is no longer at work here.
   *
   * @param run null where there was nothing to run; another instance may have claimed the job
   *     before this run of it noticed
   */
  void runsNoMore(Claim claim, @Nullable JobRun run) {
    if (run != null) {
      running.remove(claim.job().id(), run);
    }
    notifyFollowers(claim.job().id());
  }
}
