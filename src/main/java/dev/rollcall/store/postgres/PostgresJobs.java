package dev.rollcall.store.postgres;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobEntry;
import dev.rollcall.jobs.JobPage;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.JobState;
import dev.rollcall.jobs.JobStore;
import dev.rollcall.jobs.NewJob;
import dev.rollcall.jobs.Owner;
import dev.rollcall.store.PendingTask;
import dev.rollcall.store.WriteQueue;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Jobs in the database of a {@link PostgresStore}, which several nodes may share. */
final class PostgresJobs implements JobStore {
  private final Vertx vertx;
  private final WriteQueue queue;
  private final PostgresTasks tasks;
  private final PostgresJobReads reads;
  private final PostgresNotifications news;

  PostgresJobs(
      Vertx vertx,
      WriteQueue queue,
      PostgresTasks tasks,
      PostgresReads reads,
      PostgresNotifications news) {
    this.vertx = vertx;
    this.queue = queue;
    this.tasks = tasks;
    this.reads = new PostgresJobReads(reads);
    this.news = news;
  }

  /** A step within a transaction of its own. */
  private interface Step<T> {
    T run(PostgresJobRows rows) throws PostgresFault;
  }

  private <T> Future<T> write(Step<T> step) {
    return queue.perform(
        () ->
            tasks.perform(
                (connection, deadline) -> step.run(new PostgresJobRows(connection, deadline))),
        vertx.getOrCreateContext());
  }

  private <T> Future<T> read(CompletableFuture<T> answer) {
    return PostgresStore.onCaller(vertx, answer);
  }

  @Override
  public Future<Job> start(NewJob job) {
    UUID key = job.key();
    // One without a key gets one, so that a call whose answer was lost can be repeated here.
    UUID op = key == null ? UUID.randomUUID() : key;
    return write(
        rows -> {
          Job started = rows.start(job, op);
          rows.tell(news.jobs(), PostgresNotifications.WAITING);
          return started;
        });
  }

  @Override
  public Future<Optional<Job>> find(long id, Cancellation client) {
    return read(reads.find(id, client));
  }

  @Override
  public Future<JobPage> list(JobQuery query, Cancellation client) {
    return read(reads.list(query, client));
  }

  @Override
  public Future<List<JobResult>> results(long id, long after, int limit, Cancellation client) {
    return read(reads.results(id, after, limit, client));
  }

  @Override
  public Future<long[]> userIds(long after, int limit) {
    return read(reads.userIds(after, limit));
  }

  @Override
  public Future<Optional<Claim>> claim(Owner owner, Duration lease) {
    return write(rows -> Optional.ofNullable(rows.claim(owner.name(), lease)));
  }

  @Override
  public Future<Optional<Deadline>> record(
      Claim claim, List<JobEntry> entries, int watermark, Duration lease) {
    List<UserWrite> writes = PostgresJobRecord.writes(entries);
    PendingTask.Work<Optional<Deadline>> work =
        writes.isEmpty()
            ? () ->
                tasks.perform(
                    (connection, deadline) ->
                        new PostgresJobRecord(connection, deadline, claim, entries)
                            .run(null, watermark, lease))
            : () ->
                tasks.performWith(
                    writes,
                    (connection, deadline, users) ->
                        new PostgresJobRecord(connection, deadline, claim, entries)
                            .run(users, watermark, lease));
    return queue.perform(work, vertx.getOrCreateContext());
  }

  @Override
  public Future<Optional<Deadline>> renew(Claim claim, Duration lease) {
    return write(rows -> Optional.ofNullable(rows.renew(claim, lease)));
  }

  @Override
  public Future<Void> leave(Claim claim, JobState state, @Nullable String detail) {
    return write(
            rows -> {
              rows.leave(claim, state, detail);
              rows.tell(news.jobs(), PostgresNotifications.WAITING);
              return state;
            })
        .mapEmpty();
  }

  @Override
  public Future<Job> cancel(long id) {
    return write(
        rows -> {
          Job cancelled = rows.cancel(id);
          rows.tell(news.jobs(), Long.toString(id));
          return cancelled;
        });
  }

  @Override
  public Future<Boolean> prune(Instant before, long limit) {
    return write(rows -> rows.prune(before, limit));
  }

  @Override
  public void listen(JobStore.Listener listener) {
    news.setJobListener(listener);
  }
}
