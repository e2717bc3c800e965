package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * Background jobs.
 *
 * @param atOnce jobs that run at once in this process; with 0 none run here
 * @param queue jobs that may wait for their turn
 * @param concurrency users at work at once within a job that does not say
 * @param concurrencyLimit the most that a job may ask for
 * @param streams event streams of jobs that may be open at once
 * @param batch results that are recorded in one transaction, at most
 * @param batchTime how long a result waits to be recorded together with others
 * @param lease for how long a job is a process's own without a word from it, where several share
 *     the store
 * @param keep how long a job that has ended and its results can be read
 */
public record JobSettings(
    int atOnce,
    int queue,
    int concurrency,
    int concurrencyLimit,
    int streams,
    int batch,
    Duration batchTime,
    Duration lease,
    Duration keep) {

  private static final Key<Integer> AT_ONCE = Key.of("jobs.atOnce", 2, Rule.integer(0, 64));
  private static final Key<Integer> QUEUE = Key.of("jobs.queue", 100, Rule.integer(1, 100_000));
  private static final Key<Integer> LIMIT =
      Key.of("jobs.concurrencyLimit", 100, Rule.integer(1, 1000));
  private static final Key<Integer> STREAMS = Key.of("jobs.streams", 500, Rule.integer(1, 100_000));
  private static final Key<Integer> BATCH = Key.of("jobs.batch", 500, Rule.integer(1, 5000));
  private static final Key<Duration> BATCH_TIME =
      Key.of(
          "jobs.batchTime",
          Duration.ofMillis(200),
          Rule.duration(Duration.ofMillis(1), Duration.ofSeconds(10)));
  private static final Key<Duration> LEASE =
      Key.of(
          "jobs.lease",
          Duration.ofSeconds(10),
          Rule.duration(Duration.ofSeconds(6), Duration.ofMinutes(5)));
  private static final Key<Duration> KEEP =
      Key.of(
          "jobs.keep",
          Duration.ofDays(7),
          Rule.duration(Duration.ofSeconds(1), Duration.ofDays(3650)));

  public JobSettings {
    AT_ONCE.check(atOnce);
    QUEUE.check(queue);
    LIMIT.check(concurrencyLimit);
    concurrency(concurrencyLimit).check(concurrency);
    STREAMS.check(streams);
    BATCH.check(batch);
    BATCH_TIME.check(batchTime);
    LEASE.check(lease);
    KEEP.check(keep);
  }

  private static Key<Integer> concurrency(int limit) {
    return Key.of(
        "jobs.concurrency",
        Math.min(10, limit),
        Rule.integer(1, limit).because("the most is jobs.concurrencyLimit"));
  }

  static JobSettings from(Section section) {
    int limit = LIMIT.read(section);
    return new JobSettings(
        AT_ONCE.read(section),
        QUEUE.read(section),
        concurrency(limit).read(section),
        limit,
        STREAMS.read(section),
        BATCH.read(section),
        BATCH_TIME.read(section),
        LEASE.read(section),
        KEEP.read(section));
  }
}
