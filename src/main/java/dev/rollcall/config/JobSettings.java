package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * Background jobs.
 *
 * @param atOnce jobs that run at once in this process; with 0 none run here
 * @param queue jobs that may wait
 * @param concurrency users at work at once within a job that does not say
 * @param concurrencyLimit the most that a job may ask for
 * @param streams event streams of jobs that may be open at once
 * @param batch the most results of one transaction
 * @param batchTime how long a result waits for others
 * @param lease how long a process that is silent keeps a job, where several share the store
 * @param keep how long an ended job and its results can be read
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

  private static final Key<Integer> AT_ONCE = Key.integer("jobs.atOnce", 2, 0, 64);
  private static final Key<Integer> QUEUE = Key.integer("jobs.queue", 100, 1, 100_000);
  private static final Key<Integer> LIMIT = Key.integer("jobs.concurrencyLimit", 100, 1, 1000);
  private static final Key<Integer> STREAMS = Key.integer("jobs.streams", 500, 1, 100_000);
  private static final Key<Integer> BATCH = Key.integer("jobs.batch", 500, 1, 5000);
  private static final Key<Duration> BATCH_TIME =
      Key.duration("jobs.batchTime", "200ms", "1ms", "10s");
  private static final Key<Duration> LEASE = Key.duration("jobs.lease", "10s", "6s", "5m");
  private static final Key<Duration> KEEP = Key.duration("jobs.keep", "7d", "1s", "3650d");

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
