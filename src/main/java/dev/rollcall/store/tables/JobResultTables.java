package dev.rollcall.store.tables;

import static dev.rollcall.store.statements.Values.bytes;
import static dev.rollcall.store.statements.Values.integer;
import static dev.rollcall.store.statements.Values.number;

import dev.rollcall.followers.traces.JobResultStore;
import dev.rollcall.followers.traces.JobResultStore.JobUsers;
import dev.rollcall.jobs.IdList;
import dev.rollcall.store.statements.Statements;
import dev.rollcall.store.statements.TablePort;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of jobs in the tables of a store. A replacement takes the row of its job first, as
 * the recording of results does: one of both sees what the other has done. Safe for use by all
 * threads, as its port is.
 *
 * @param <E> what a statement fails with
 */
public record JobResultTables<E extends Exception>(TablePort<E> port) implements JobResultStore {
  private static final int FIRST_FAILURE = 400;

  private static final String USERS =
      "SELECT j.id, j.total, i.ids FROM jobs j JOIN job_ids i ON i.job = j.id WHERE j.id > $1"
          + " ORDER BY j.id LIMIT 1";

  private static final String HOLD = "UPDATE jobs SET done = done WHERE id = $1";

  private static final String FIND =
      "SELECT line FROM job_results WHERE job = $1 AND position = CAST($2 AS bigint)";

  private static final String REPLACE =
      "UPDATE job_results SET line = $1 WHERE job = $2 AND position = CAST($3 AS bigint)";

  private static final String NOW_FAILED = "UPDATE jobs SET failed = failed + 1 WHERE id = $1";

  private static final String INSERT =
      "INSERT INTO job_results (job, n, position, line)"
          + " SELECT id, shift + done + 1, CAST($1 AS bigint), $2 FROM jobs"
          + " WHERE id = $3 AND ended_at IS NULL";

  /** The last result ends a job. */
  private static final String COUNT =
      "UPDATE jobs SET done = done + 1, failed = failed + 1,"
          + " state = CASE WHEN done + 1 = total THEN 'succeeded' ELSE state END,"
          + " owner = CASE WHEN done + 1 = total THEN NULL ELSE owner END,"
          + " started_at = CASE WHEN done + 1 = total"
          + " THEN coalesce(started_at, CAST($1 AS bigint)) ELSE started_at END,"
          + " ended_at = CASE WHEN done + 1 = total THEN CAST($2 AS bigint) END WHERE id = $3";

  @Override
  public Future<Optional<JobUsers>> usersAfter(long job) {
    return port.read(USERS, job).map(rows -> rows.stream().findFirst().map(JobResultTables::users));
  }

  private static JobUsers users(@Nullable Object[] row) {
    return new JobUsers(number(row[0]), IdList.kept(bytes(row[2]), integer(row[1])));
  }

  @Override
  public Future<Void> replace(long job, int position, Buffer line, Instant now) {
    return port.write(
            statements -> {
              if (statements.update(HOLD, job) > 0) {
                replace(statements, job, position, line, now.toEpochMilli());
              }
              return Boolean.TRUE;
            })
        .mapEmpty();
  }

  private void replace(Statements<E> statements, long job, long position, Buffer line, long now)
      throws E {
    List<@Nullable Object[]> found = statements.rows(FIND, job, position);
    if (found.isEmpty()) {
      if (statements.update(INSERT, position, line.getBytes(), job) > 0) {
        statements.update(COUNT, now, now, job);
      }
      return;
    }
    JsonObject before = new JsonObject(Buffer.buffer(bytes(found.get(0)[0])));
    statements.update(REPLACE, line.getBytes(), job, position);
    if (before.getInteger("status", 0) < FIRST_FAILURE) {
      statements.update(NOW_FAILED, job);
    }
  }
}
