package dev.rollcall.store.sqlite;

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
import dev.rollcall.store.WriteQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in the file of a {@link SqliteStore}. The lock of the file is the lease of all its jobs: no
 * other process can have one.
 */
record SqliteJobs(Vertx vertx, WriteQueue queue, SqliteTransactions transactions, ReadPool readers)
    implements JobStore {
  /** So long that it makes no difference. */
  static final Deadline FOR_EVER = Deadline.in(Duration.ofDays(36_500));

  private <T> Future<T> write(SqliteTransactions.Work<T> work) {
    return queue.perform(() -> transactions.perform(work), vertx.getOrCreateContext());
  }

  private <T> Future<T> read(ReadPool.Query<T> query, Cancellation client) {
    return Future.fromCompletionStage(readers.submit(query, client), vertx.getOrCreateContext());
  }

  @Override
  public Future<Job> start(NewJob job) {
    return write((session, now) -> session.jobs().start(job, now));
  }

  @Override
  public Future<Optional<Job>> find(long id, Cancellation client) {
    return read(
        session -> Optional.ofNullable(JobReads.one(session.connection(), "id = ?", id)), client);
  }

  @Override
  public Future<JobPage> list(JobQuery query, Cancellation client) {
    return read(session -> JobReads.list(session.connection(), query), client);
  }

  @Override
  public Future<List<JobResult>> results(long id, long after, int limit, Cancellation client) {
    return read(session -> JobReads.results(session.connection(), id, after, limit), client);
  }

  @Override
  public Future<long[]> userIds(long after, int limit) {
    return read(
        session -> JobReads.userIds(session.connection(), after, limit), new Cancellation());
  }

  @Override
  public Future<Optional<Claim>> claim(Owner owner, Duration lease) {
    return write((session, now) -> Optional.ofNullable(session.jobs().claim(owner, now)));
  }

  @Override
  public Future<Optional<Deadline>> record(
      Claim claim, List<JobEntry> entries, int watermark, Duration lease) {
    return write(
        (session, now) ->
            session.jobs().record(claim, entries, watermark, now)
                ? Optional.of(FOR_EVER)
                : Optional.empty());
  }

  @Override
  public Future<Optional<Deadline>> renew(Claim claim, Duration lease) {
    return write(
        (session, now) -> session.jobs().isHeld(claim) ? Optional.of(FOR_EVER) : Optional.empty());
  }

  @Override
  public Future<Void> leave(Claim claim, JobState state, @Nullable String detail) {
    return write(
            (session, now) -> {
              session.jobs().leave(claim, state, detail, now);
              return Boolean.TRUE;
            })
        .mapEmpty();
  }

  @Override
  public Future<Job> cancel(long id) {
    return write((session, now) -> session.jobs().cancel(id, now));
  }

  @Override
  public void listen(JobStore.Listener listener) {
    // There is no other process that could change anything.
  }

  @Override
  public Future<Boolean> prune(Instant before, long limit) {
    return write((session, now) -> session.jobs().prune(before, limit));
  }
}
