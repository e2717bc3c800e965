package dev.rollcall.store.sqlite;

import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobPage;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.JobState;
import io.vertx.core.buffer.Buffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads jobs and their results over a connection to SQLite, in single statements. */
final class JobReads {
  /** Results are read until they exceed this, so that pages of large ones stay small. */
  private static final int PAGE_BYTES = 1 << 20;

  private JobReads() {}

  /** The job for which a condition holds; null when there is none. */
  static @Nullable Job one(Connection connection, String condition, Object value)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT " + Job.COLUMNS + " FROM jobs WHERE " + condition)) {
      select.setObject(1, value);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? job(row) : null;
      }
    }
  }

  static JobPage list(Connection connection, JobQuery query) throws SQLException {
    List<Job> items = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + Job.COLUMNS + " FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?")) {
      select.setLong(1, query.before());
      select.setInt(2, query.limit() + 1);
      try (ResultSet rows = select.executeQuery()) {
        while (items.size() < query.limit() && rows.next()) {
          items.add(job(rows));
        }
        return new JobPage(items, items.size() == query.limit() && rows.next());
      }
    }
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
        row.getInt(14));
  }

  private static @Nullable Instant at(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  static List<JobResult> results(Connection connection, long id, long after, int limit)
      throws SQLException {
    List<JobResult> items = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT n, line FROM job_results WHERE job = ? AND n > ? ORDER BY n LIMIT ?")) {
      select.setLong(1, id);
      select.setLong(2, after);
      select.setInt(3, limit);
      try (ResultSet rows = select.executeQuery()) {
        int bytes = 0;
        while (bytes < PAGE_BYTES && rows.next()) {
          byte[] line = rows.getBytes(2);
          bytes += line.length;
          items.add(new JobResult(rows.getInt(1), Buffer.buffer(line)));
        }
      }
    }
    return items;
  }

  /** The ids of the users of a job, as they are kept. */
  static byte[] ids(Connection connection, long id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT ids FROM job_ids WHERE job = ?")) {
      select.setLong(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.getBytes(1);
      }
    }
  }

  /** The positions from a watermark on that have results. */
  static BitSet recorded(Connection connection, long id, int watermark) throws SQLException {
    BitSet recorded = new BitSet();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT position FROM job_results WHERE job = ? AND position >= ?")) {
      select.setLong(1, id);
      select.setInt(2, watermark);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          recorded.set(rows.getInt(1));
        }
      }
    }
    return recorded;
  }

  static long[] userIds(Connection connection, long after, int limit) throws SQLException {
    long[] ids = new long[limit];
    int count = 0;
    try (PreparedStatement select =
        connection.prepareStatement("SELECT id FROM users WHERE id > ? ORDER BY id LIMIT ?")) {
      select.setLong(1, after);
      select.setInt(2, limit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids[count++] = rows.getLong(1);
        }
      }
    }
    return Arrays.copyOf(ids, count);
  }
}
