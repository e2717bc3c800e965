package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.jobs.Claim;
import dev.rollcall.jobs.JobEntry;
import dev.rollcall.users.UserWrite;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records a batch of results within a transaction of the writer that has begun, together with the
 * users of an import. The rows of the job come after the counters, as in every transaction that
 * needs both.
 */
record PostgresJobRecord(
    PgConnection connection, Deadline deadline, Claim claim, List<JobEntry> entries) {
  private static final String HOLD =
      """
      SELECT done, failed, shift FROM jobs
      WHERE id = $1 AND epoch = $2 AND state = 'running' FOR UPDATE\
      """;

  private static final String KNOWN =
      "SELECT position FROM job_results WHERE job = $1 AND position = ANY($2::integer[])";

  private static final String INSERT =
      """
      INSERT INTO job_results SELECT $1::bigint, * FROM
        unnest($2::integer[], $3::integer[], $4::bytea[]) ON CONFLICT DO NOTHING\
      """;

  private static final String COUNT =
      """
      UPDATE jobs SET done = $2, failed = $3, watermark = $4, lease_until = %1$s + $5,
        bytes = bytes + $6,
        state = CASE WHEN total = $2 THEN 'succeeded' ELSE state END,
        owner = CASE WHEN total = $2 THEN NULL ELSE owner END,
        ended_at = CASE WHEN total = $2 THEN %1$s END
      WHERE id = $1\
      """
          .formatted(PostgresJobRows.NOW);

  /** The writes that the results are the results of. */
  static List<UserWrite> writes(List<JobEntry> entries) {
    List<UserWrite> writes = new ArrayList<>();
    for (JobEntry entry : entries) {
      UserWrite write = entry.write();
      if (write != null) {
        writes.add(write);
      }
    }
    return writes;
  }

  /**
   * Records, up to but without the commit.
   *
   * @param users carries out the writes; null where there are none
   * @return until when the job is its claimer's; empty, and nothing written, where it is no more
   */
  Optional<Deadline> run(@Nullable PostgresBatch users, int watermark, Duration lease)
      throws PostgresFault {
    Deadline until = Deadline.in(lease);
    RowSet<Row> held = rows(HOLD, Tuple.of(claim.job().id(), claim.epoch()));
    if (held.size() == 0) {
      return Optional.empty();
    }
    Row row = held.iterator().next();
    Set<Integer> known = known();
    int done = row.getInteger(0);
    int failed = row.getInteger(1);
    int shift = row.getInteger(2);
    long bytes = 0;
    List<Integer> ns = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    List<Buffer> lines = new ArrayList<>();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    for (JobEntry entry : entries) {
      if (known.add(entry.position())) {
        JobEntry.Result result =
            entry.result(
                claim.job().id(), write -> Objects.requireNonNull(users).apply(write, now));
        failed += result.failed() ? 1 : 0;
        bytes += result.kept();
        ns.add(shift + ++done);
        positions.add(entry.position());
        lines.add(result.line());
      }
    }
    rows(
        INSERT,
        Tuple.tuple()
            .addLong(claim.job().id())
            .addArrayOfInteger(ns.toArray(Integer[]::new))
            .addArrayOfInteger(positions.toArray(Integer[]::new))
            .addArrayOfBuffer(lines.toArray(Buffer[]::new)));
    rows(COUNT, Tuple.of(claim.job().id(), done, failed, watermark, lease.toMillis(), bytes));
    return Optional.of(until);
  }

  private RowSet<Row> rows(String sql, Tuple values) throws PostgresFault {
    return PostgresSession.await(connection.preparedQuery(sql).execute(values), deadline);
  }

  private Set<Integer> known() throws PostgresFault {
    Integer[] wanted = entries.stream().map(JobEntry::position).toArray(Integer[]::new);
    Set<Integer> known = new HashSet<>();
    rows(KNOWN, Tuple.tuple().addLong(claim.job().id()).addArrayOfInteger(wanted))
        .forEach(row -> known.add(row.getInteger(0)));
    return known;
  }
}
