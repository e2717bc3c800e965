package dev.rollcall.store.sqlite;

import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Adds to the results of one job, within its session's transaction, and counts them.
 *
 * <p>Belongs to one connection, on the writer's thread.
 */
final class JobResultRows {
  private final WriteSession session;
  private final Connection connection;
  private final long job;
  private final int shift;
  private int done;
  private int failed;
  private long bytes;

  /** Counts on from what a job has. */
  JobResultRows(WriteSession session, Connection connection, Job job) {
    this.session = session;
    this.connection = connection;
    this.job = job.id();
    this.shift = job.shift();
    this.done = job.done();
    this.failed = job.failed();
  }

  /** How many results the job has. */
  int done() {
    return done;
  }

  /** How many of them are problems. */
  int failed() {
    return failed;
  }

  /** How many bytes were inserted. */
  long bytes() {
    return bytes;
  }

  /**
   * Inserts results, and carries out the writes that they are of. One whose position has a result
   * already changes nothing.
   */
  void insert(List<JobEntry> entries, Instant now) throws SQLException {
    try (PreparedStatement seek =
            connection.prepareStatement(
                "SELECT 1 FROM job_results WHERE job = ? AND position = ?");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO job_results VALUES (?, ?, ?, ?)")) {
      seek.setLong(1, job);
      insert.setLong(1, job);
      for (JobEntry entry : entries) {
        if (!isRecorded(seek, entry.position())) {
          JobEntry.Result result = entry.result(job, write -> session.apply(write, now));
          insert.setInt(2, shift + ++done);
          insert.setInt(3, entry.position());
          insert.setBytes(4, result.line().getBytes());
          insert.executeUpdate();
          failed += result.failed() ? 1 : 0;
          bytes += result.kept();
        }
      }
    }
  }

  private static boolean isRecorded(PreparedStatement seek, int position) throws SQLException {
    seek.setInt(2, position);
    try (ResultSet row = seek.executeQuery()) {
      return row.next();
    }
  }
}
