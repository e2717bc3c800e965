package dev.rollcall.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as it is recorded.
 *
 * @param id from 1 on, in the order in which jobs were started
 * @param done users that have a result, those that failed included
 * @param failed users whose result is a problem
 * @param total users that it is for
 * @param startedAt when it first ran; null while it has not
 * @param endedAt null while it has not
 * @param detail why it failed, for the client; else null
 * @param shift by how much the number of a result that is recorded from now on exceeds its place:
 *     0, unless the store was put back to an earlier state while the job ran
 * @param by who started it, under whose name it goes on; null where nobody had to say who he is
 */
public record Job(
    long id,
    JobSpec spec,
    JobState state,
    int done,
    int failed,
    int total,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String detail,
    int shift,
    @Nullable String by) {

  /** The columns that a store keeps it in, in the order in which it is read of them. */
  public static final String COLUMNS =
      "id, kind, name, everybody, concurrency, state, done, failed, total,"
          + " created_at, started_at, ended_at, detail, shift, by";

  /** The number of the newest result; where the store was put back, there may be none of it yet. */
  public int newest() {
    return shift + done;
  }
}
