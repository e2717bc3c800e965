package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.IdList;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobEntry;
import dev.rollcall.jobs.JobState;
import dev.rollcall.jobs.Jobs;
import dev.rollcall.jobs.NewJob;
import dev.rollcall.jobs.Owner;
import dev.rollcall.store.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tables of jobs as the writer sees them. Each method is a step within its session's
 * transaction, and looks before it writes.
 *
 * <p>Belongs to one connection, on the writer's thread.
 */
record JobRows(WriteSession session, Connection connection) {
  /** How many rows one pruning removes, so that it stays shorter than a batch of writes. */
  private static final int PRUNED_AT_ONCE = 1000;

  private static final String OPEN = " ended_at IS NULL ";

  /** Runs a statement with these values; how many rows it changed. */
  private int update(String sql, @Nullable Object... values) throws SQLException {
    session.touched();
    try (PreparedStatement statement = Sql.prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  private long number(String sql, @Nullable Object... values) throws SQLException {
    return Sql.number(connection, sql, values);
  }

  /** Records a job, or finds the one of its key. */
  Job start(NewJob wanted, Instant now) throws SQLException {
    UUID key = wanted.key();
    byte[] op = key == null ? null : Sql.bytes(key);
    Job before = op == null ? null : JobReads.one(connection, "op = ?", op);
    if (before != null) {
      if (number("SELECT content FROM jobs WHERE op = ?", op) != wanted.content()) {
        throw Failure.of(Kind.CONFLICT, "the idempotency key was used for another request");
      }
      return before;
    }
    boolean ended = wanted.ids().size() == 0;
    long waiting =
        number("SELECT count(*) FROM jobs WHERE" + OPEN + "AND state = ?", JobState.QUEUED.word());
    if (!ended && waiting >= wanted.queue()) {
      throw Failure.of(Kind.UNAVAILABLE, "not written: too many jobs wait for their turn");
    }
    JobState state = ended ? JobState.SUCCEEDED : JobState.QUEUED;
    Long at = now.toEpochMilli();
    update(
        "INSERT INTO jobs VALUES (NULL, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, NULL, NULL, 0, 0, ?, ?,"
            + " 0, ?, ?)",
        wanted.spec().kind().word(),
        wanted.spec().name(),
        wanted.spec().all() ? 1 : 0,
        wanted.spec().concurrency(),
        state.word(),
        wanted.ids().size(),
        at,
        ended ? at : null,
        ended ? at : null,
        op,
        wanted.content(),
        wanted.by(),
        wanted.ids().bytes().length);
    long id = number("SELECT last_insert_rowid()");
    update("INSERT INTO job_ids VALUES (?, ?)", id, wanted.ids().bytes());
    return there(id);
  }

  private Job there(long id) throws SQLException {
    Job job = JobReads.one(connection, "id = ?", id);
    if (job == null) {
      throw Jobs.notFound();
    }
    return job;
  }

  /** Interrupts all running jobs of others and of this owner: no other process has the file. */
  private void interruptLost(Owner owner) throws SQLException {
    String running = JobState.RUNNING.word();
    String lost =
        " FROM jobs WHERE"
            + OPEN
            + "AND state = ?1 AND (owner = ?2 OR substr(owner, 1, length(?3)) <> ?3)";
    if (number("SELECT count(*)" + lost, running, owner.name(), owner.prefix()) > 0) {
      update(
          "UPDATE jobs SET state = ?4, owner = NULL WHERE id IN (SELECT id" + lost + ")",
          running,
          owner.name(),
          owner.prefix(),
          JobState.INTERRUPTED.word());
    }
  }

  /** Takes the oldest job that waits; null when there is none. */
  @Nullable Claim claim(Owner owner, Instant now) throws SQLException {
    interruptLost(owner);
    long id =
        number(
            "SELECT min(id) FROM jobs WHERE" + OPEN + "AND state IN (?, ?)",
            JobState.QUEUED.word(),
            JobState.INTERRUPTED.word());
    if (id == 0) {
      return null;
    }
    update(
        "UPDATE jobs SET state = ?, owner = ?, epoch = epoch + 1,"
            + " started_at = coalesce(started_at, ?) WHERE id = ?",
        JobState.RUNNING.word(),
        owner.name(),
        now.toEpochMilli(),
        id);
    Job job = there(id);
    int watermark = (int) number("SELECT watermark FROM jobs WHERE id = ?", id);
    byte[] ids =
        Objects.requireNonNull(
            Sql.row(
                connection, row -> row.getBytes(1), "SELECT ids FROM job_ids WHERE job = ?", id));
    BitSet recorded = new BitSet();
    Sql.rows(
            connection,
            row -> row.getInt(1),
            "SELECT position FROM job_results WHERE job = ? AND position >= ?",
            id,
            watermark)
        .forEach(recorded::set);
    return new Claim(
        job,
        number("SELECT epoch FROM jobs WHERE id = ?", id),
        IdList.kept(ids, job.total()),
        watermark,
        recorded,
        number("SELECT bytes FROM jobs WHERE id = ?", id),
        SqliteJobs.FOR_EVER);
  }

  /** Whether a claim still holds. */
  boolean isHeld(Claim claim) throws SQLException {
    return number(
            "SELECT count(*) FROM jobs WHERE id = ? AND epoch = ? AND state = ?",
            claim.job().id(),
            claim.epoch(),
            JobState.RUNNING.word())
        > 0;
  }

  /** Records results, and carries out the writes that they are of; false when the claim is over. */
  boolean record(Claim claim, List<JobEntry> entries, int watermark, Instant now)
      throws SQLException {
    if (!isHeld(claim)) {
      return false;
    }
    Job job = there(claim.job().id());
    JobResultRows results = new JobResultRows(session, connection, job);
    results.insert(entries, now);
    boolean ended = results.done() == job.total();
    update(
        "UPDATE jobs SET done = ?, failed = ?, bytes = bytes + ?, watermark = ?, state = ?,"
            + " ended_at = ?, owner = iif(?, NULL, owner) WHERE id = ?",
        results.done(),
        results.failed(),
        results.bytes(),
        watermark,
        (ended ? JobState.SUCCEEDED : JobState.RUNNING).word(),
        ended ? now.toEpochMilli() : null,
        ended ? 1 : 0,
        job.id());
    return true;
  }

  /** Ends or hands back a job, if the claim still holds. */
  void leave(Claim claim, JobState state, @Nullable String detail, Instant now)
      throws SQLException {
    if (isHeld(claim)) {
      Long ended = state.isEnd() ? Long.valueOf(now.toEpochMilli()) : null;
      update(
          "UPDATE jobs SET state = ?, detail = ?, ended_at = ?, owner = NULL WHERE id = ?",
          state.word(),
          detail,
          ended,
          claim.job().id());
    }
  }

  /** Cancels a job that has not ended; the job as it is then. */
  Job cancel(long id, Instant now) throws SQLException {
    if (!there(id).state().isEnd()) {
      update(
          "UPDATE jobs SET state = ?, ended_at = ?, owner = NULL WHERE id = ?",
          JobState.CANCELLED.word(),
          now.toEpochMilli(),
          id);
    }
    return there(id);
  }

  /** Removes some of what {@link SqliteJobs#prune} is to remove; whether there may be more. */
  boolean prune(Instant before, long limit) throws SQLException {
    boolean full = number("SELECT coalesce(sum(bytes), 0) FROM jobs") > limit;
    long id =
        number(
            "SELECT id FROM jobs WHERE ended_at < ? ORDER BY ended_at LIMIT 1",
            full ? Long.MAX_VALUE : before.toEpochMilli());
    if (id == 0) {
      return false;
    }
    int removed =
        update(
            "DELETE FROM job_results WHERE rowid IN"
                + " (SELECT rowid FROM job_results WHERE job = ? LIMIT ?)",
            id,
            PRUNED_AT_ONCE);
    if (removed < PRUNED_AT_ONCE) {
      update("DELETE FROM job_ids WHERE job = ?", id);
      update("DELETE FROM jobs WHERE id = ?", id);
    }
    return true;
  }
}
