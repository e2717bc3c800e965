package dev.rollcall.store.postgres;

import dev.rollcall.base.Cancellation;
import dev.rollcall.jobs.Job;
import dev.rollcall.jobs.JobPage;
import dev.rollcall.jobs.JobQuery;
import dev.rollcall.jobs.JobResult;
import dev.rollcall.jobs.JobSpec;
import dev.rollcall.jobs.JobState;
import dev.rollcall.store.Sql;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is read of jobs, in single statements. */
record PostgresJobReads(PostgresReads reads) {
  static final String FIND = "SELECT " + Job.COLUMNS + " FROM jobs WHERE id = $1";

  private static final String LIST =
      "SELECT " + Job.COLUMNS + " FROM jobs WHERE id < $1 ORDER BY id DESC LIMIT $2";

  /** As many as are asked for, or fewer where they get large, but never none. */
  private static final String RESULTS =
      String.format(
          Locale.ROOT,
          """
          SELECT n, line FROM (
            SELECT n, line, sum(octet_length(line)) OVER (ORDER BY n) - octet_length(line) AS before
            FROM (SELECT n, line FROM job_results WHERE job = $1 AND n > $2 ORDER BY n LIMIT $3) page
          ) sized WHERE before < %d ORDER BY n\
          """,
          Sql.PAGE_BYTES);

  private static final String USER_IDS = "SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2";

  CompletableFuture<Optional<Job>> find(long id, Cancellation client) {
    return reads.one(
        FIND,
        Tuple.of(id),
        rows -> rows.size() == 0 ? Optional.empty() : Optional.of(job(rows.iterator().next())),
        client);
  }

  CompletableFuture<JobPage> list(JobQuery query, Cancellation client) {
    return reads.many(
        LIST,
        Tuple.of(query.before(), query.limit() + 1L),
        rows -> JobPage.of(list(rows, PostgresJobReads::job), query.limit()),
        client);
  }

  private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
    List<T> items = new ArrayList<>(rows.size());
    rows.forEach(row -> items.add(read.apply(row)));
    return items;
  }

  CompletableFuture<List<JobResult>> results(long id, long after, int limit, Cancellation client) {
    long from = Math.min(after, Integer.MAX_VALUE);
    return reads.many(
        RESULTS,
        Tuple.of(id, (int) from, (long) limit),
        rows -> list(rows, row -> new JobResult(row.getInteger(0), row.getBuffer(1))),
        client);
  }

  CompletableFuture<long[]> userIds(long after, int limit) {
    return reads.many(
        USER_IDS,
        Tuple.of(after, (long) limit),
        rows -> list(rows, row -> row.getLong(0)).stream().mapToLong(Long::longValue).toArray(),
        new Cancellation());
  }

  static Job job(Row row) {
    return new Job(
        row.getLong(0),
        new JobSpec(
            JobSpec.Kind.of(row.getString(1)),
            row.getString(2),
            row.getBoolean(3),
            row.getInteger(4)),
        JobState.of(row.getString(5)),
        row.getInteger(6),
        row.getInteger(7),
        row.getInteger(8),
        Instant.ofEpochMilli(row.getLong(9)),
        at(row.getLong(10)),
        at(row.getLong(11)),
        row.getString(12),
        row.getInteger(13),
        row.getString(14));
  }

  private static @Nullable Instant at(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
