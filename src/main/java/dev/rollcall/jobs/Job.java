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
    @Nullable String detail) {}
