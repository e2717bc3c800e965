package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.IdList;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobState;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.jobs.NewJob;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tables of jobs within one transaction of the writer, but for the recording of results. Times
 * are those of the database's clock, which all nodes share.
 *
 * @param deadline by when it is to be over
 */
record PostgresJobRows(PgConnection connection, Deadline deadline) {
  /** How many rows one pruning removes, so that it is shorter than a batch of writes. */
  private static final int PRUNED_AT_ONCE = 1000;

  /** The present moment, in milliseconds. */
  static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

  /** So that nodes which start jobs at once count each other's. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(7106, 8)";

  private static final String BY_OP = "SELECT " + Job.COLUMNS + ", content FROM jobs WHERE op = $1";

  private static final String WAITING =
      "SELECT count(*) FROM jobs WHERE ended_at IS NULL AND state = 'queued'";

  private static final String INSERT =
      """
      INSERT INTO jobs
        (kind, name, everybody, concurrency, state, total, created_at, started_at, ended_at, op,
         content, by, bytes)
      SELECT $1, $2, $3, $4, $5, $6, %s, ended.at, ended.at, $8, $9, $10, $11
      FROM (SELECT CASE WHEN $7::boolean THEN %s END AS at) ended RETURNING %s\
      """
          .formatted(NOW, NOW, Job.COLUMNS);

  private static final String INSERT_IDS = "INSERT INTO job_ids VALUES ($1, $2)";

  private static final String CLAIM =
      """
      UPDATE jobs SET state = 'running', owner = $1, epoch = epoch + 1, lease_until = %1$s + $2,
        started_at = coalesce(started_at, %1$s)
      WHERE id = (
        SELECT id FROM jobs WHERE ended_at IS NULL
          AND (state IN ('queued', 'interrupted') OR (state = 'running' AND (owner = $1 OR lease_until < %1$s)))
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING %2$s, epoch, watermark, bytes\
      """
          .formatted(NOW, Job.COLUMNS);

  private static final String IDS = "SELECT ids FROM job_ids WHERE job = $1";

  private static final String RECORDED =
      "SELECT position FROM job_results WHERE job = $1 AND position >= $2";

  private static final String RENEW =
      "UPDATE jobs SET lease_until = "
          + NOW
          + " + $3 WHERE id = $1 AND epoch = $2 AND state = 'running'";

  private static final String LEAVE =
      "UPDATE jobs SET state = $3, detail = $4, ended_at = CASE WHEN $5::boolean THEN "
          + NOW
          + " END, owner = NULL WHERE id = $1 AND epoch = $2 AND state = 'running'";

  private static final String CANCEL =
      "UPDATE jobs SET state = 'cancelled', owner = NULL, ended_at = "
          + NOW
          + " WHERE id = $1 AND ended_at IS NULL";

  private static final String ENDED =
      """
      SELECT id FROM jobs WHERE ended_at < CASE
        WHEN (SELECT coalesce(sum(bytes), 0) FROM jobs) > $2 THEN 9223372036854775807 ELSE $1 END
      ORDER BY ended_at LIMIT 1 FOR UPDATE SKIP LOCKED\
      """;

  private static final String PRUNE =
      "DELETE FROM job_results WHERE job = $1 AND n <= (SELECT max(n) FROM"
          + " (SELECT n FROM job_results WHERE job = $1 ORDER BY n LIMIT "
          + PRUNED_AT_ONCE
          + ") oldest)";

  private RowSet<Row> rows(String sql, Tuple values) throws PostgresFault {
    return PostgresSession.await(connection.preparedQuery(sql).execute(values), deadline);
  }

  private @Nullable Row row(String sql, Tuple values) throws PostgresFault {
    RowSet<Row> rows = rows(sql, values);
    return rows.size() == 0 ? null : rows.iterator().next();
  }

  private Row first(String sql, Tuple values) throws PostgresFault {
    return rows(sql, values).iterator().next();
  }

  /** Tells all nodes of something, once it is committed. */
  void tell(String channel, String news) throws PostgresFault {
    rows("SELECT pg_notify($1, $2)", Tuple.of(channel, news));
  }

  /**
   * Records a job, or finds the one of its key.
   *
   * @param op its key, or another one that this very call may be repeated under
   */
  Job start(NewJob wanted, UUID op) throws PostgresFault {
    first(LOCK, Tuple.tuple());
    Row before = row(BY_OP, Tuple.of(op));
    if (before != null) {
      if (before.getLong("content") != wanted.content()) {
        throw Failure.of(Kind.CONFLICT, "the idempotency key was used for another request");
      }
      return PostgresJobReads.job(before);
    }
    boolean ended = wanted.ids().size() == 0;
    if (!ended && first(WAITING, Tuple.tuple()).getLong(0) >= wanted.queue()) {
      throw Failure.of(Kind.UNAVAILABLE, "not written: too many jobs wait for their turn");
    }
    Tuple values =
        Tuple.tuple()
            .addString(wanted.spec().kind().word())
            .addString(wanted.spec().name())
            .addBoolean(wanted.spec().all())
            .addInteger(wanted.spec().concurrency())
            .addString((ended ? JobState.SUCCEEDED : JobState.QUEUED).word())
            .addInteger(wanted.ids().size())
            .addBoolean(ended)
            .addUUID(op)
            .addLong(wanted.content())
            .addString(wanted.by())
            .addLong((long) wanted.ids().bytes().length);
    Job job = PostgresJobReads.job(first(INSERT, values));
    rows(INSERT_IDS, Tuple.of(job.id(), Buffer.buffer(wanted.ids().bytes())));
    return job;
  }

  /** Takes the oldest job that waits, or that nobody has any more; null when there is none. */
  @Nullable Claim claim(String owner, Duration lease) throws PostgresFault {
    Deadline until = Deadline.in(lease); // Taken before the database's own, so it ends before.
    Row row = row(CLAIM, Tuple.of(owner, lease.toMillis()));
    if (row == null) {
      return null;
    }
    Job job = PostgresJobReads.job(row);
    int watermark = row.getInteger("watermark");
    byte[] ids = first(IDS, Tuple.of(job.id())).getBuffer(0).getBytes();
    BitSet recorded = new BitSet();
    rows(RECORDED, Tuple.of(job.id(), watermark)).forEach(each -> recorded.set(each.getInteger(0)));
    long epoch = row.getLong("epoch");
    return new Claim(
        job,
        epoch,
        IdList.kept(ids, job.total()),
        watermark,
        recorded,
        row.getLong("bytes"),
        until);
  }

  /** Extends a claim; null where it is over. */
  @Nullable Deadline renew(Claim claim, Duration lease) throws PostgresFault {
    Deadline until = Deadline.in(lease);
    Tuple values = Tuple.of(claim.job().id(), claim.epoch(), lease.toMillis());
    return rows(RENEW, values).rowCount() == 0 ? null : until;
  }

  /** Ends or hands back a job, if the claim still holds. */
  void leave(Claim claim, JobState state, @Nullable String detail) throws PostgresFault {
    rows(
        LEAVE,
        Tuple.tuple()
            .addLong(claim.job().id())
            .addLong(claim.epoch())
            .addString(state.word())
            .addString(detail)
            .addBoolean(state.isEnd()));
  }

  /** Cancels a job that has not ended; the job as it is then. */
  Job cancel(long id) throws PostgresFault {
    rows(CANCEL, Tuple.of(id));
    Row row = row(PostgresJobReads.FIND, Tuple.of(id));
    if (row == null) {
      throw Jobs.notFound();
    }
    return PostgresJobReads.job(row);
  }

  /** Removes some of what {@link PostgresJobs#prune} is to remove; whether there may be more. */
  boolean prune(Instant before, long limit) throws PostgresFault {
    Row ended = row(ENDED, Tuple.of(before.toEpochMilli(), limit));
    if (ended == null) {
      return false;
    }
    Tuple id = Tuple.of(ended.getLong(0));
    if (rows(PRUNE, id).rowCount() < PRUNED_AT_ONCE) {
      rows("DELETE FROM job_ids WHERE job = $1", id);
      rows("DELETE FROM jobs WHERE id = $1", id);
    }
    return true;
  }
}
