package dev.rollcall.store.sqlite;

import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobPage;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.JobState;
import dev.rollcall.store.Sql;
import io.vertx.core.buffer.Buffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads jobs and their results over a connection to SQLite, in single statements. */
final class JobReads {
  private JobReads() {}

  /** The job for which a condition holds; null when there is none. */
  static @Nullable Job one(Connection connection, String condition, Object value)
      throws SQLException {
    String sql = "SELECT " + Job.COLUMNS + " FROM jobs WHERE " + condition;
    return Sql.row(connection, JobReads::job, sql, value);
  }

  static JobPage list(Connection connection, JobQuery query) throws SQLException {
    String sql = "SELECT " + Job.COLUMNS + " FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?";
    return JobPage.of(
        Sql.rows(connection, JobReads::job, sql, query.before(), query.limit() + 1), query.limit());
  }

  private static Job job(ResultSet row) throws SQLException {
    return new Job(
        row.getLong(1),
        new JobSpec(
            JobSpec.Kind.of(row.getString(2)), row.getString(3), row.getBoolean(4), row.getInt(5)),
        JobState.of(row.getString(6)),
        row.getInt(7),
        row.getInt(8),
        row.getInt(9),
        Instant.ofEpochMilli(row.getLong(10)),
        at(row, 11),
        at(row, 12),
        row.getString(13),
        row.getInt(14),
        row.getString(15));
  }

  private static @Nullable Instant at(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  static List<JobResult> results(Connection connection, long id, long after, int limit)
      throws SQLException {
    return Sql.page(
        connection,
        row -> new JobResult(row.getInt(1), Buffer.buffer(row.getBytes(2))),
        result -> result.line().length(),
        "SELECT n, line FROM job_results WHERE job = ? AND n > ? ORDER BY n LIMIT ?",
        id,
        after,
        limit);
  }

  static long[] userIds(Connection connection, long after, int limit) throws SQLException {
    String sql = "SELECT id FROM users WHERE id > ? ORDER BY id LIMIT ?";
    return Sql.rows(connection, row -> row.getLong(1), sql, after, limit).stream()
        .mapToLong(Long::longValue)
        .toArray();
  }
}
