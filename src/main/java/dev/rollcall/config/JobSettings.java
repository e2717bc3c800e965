package dev.rollcall.config;

import java.time.Duration;

/**
 * Background jobs.
 *
 * @param atOnce jobs that run at once in this process; 0 (none run here) to 64, default 2
 * @param queue jobs that may wait for their turn; 1 to 100,000, default 100
 * @param concurrency users at work at once within a job that does not say; 1 to {@code
 *     concurrencyLimit}, default 10
 * @param concurrencyLimit the most that a job may ask for; 1 to 1000, default 100
 * @param streams event streams of jobs that may be open at once; 1 to 100,000, default 500
 * @param batch results that are recorded in one transaction, at most; 1 to 5000, default 500
 * @param batchTime how long a result waits to be recorded together with others; 1ms to 10s, default
 *     200ms
 * @param lease for how long a job is a process's own without a word from it, where several share
 *     the store; 6s to 5m, default 10s
 * @param keep how long a job that has ended and its results can be read; 1s to 3650d, default 7d
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

  private static final Rule<Integer> AT_ONCE = Rule.integer(0, 64);
  private static final Rule<Integer> QUEUE = Rule.integer(1, 100_000);
  private static final Rule<Integer> LIMIT = Rule.integer(1, 1000);
  private static final Rule<Integer> STREAMS = Rule.integer(1, 100_000);
  private static final Rule<Integer> BATCH = Rule.integer(1, 5000);
  private static final Rule<Duration> BATCH_TIME =
      Rule.duration(Duration.ofMillis(1), Duration.ofSeconds(10));
  private static final Rule<Duration> LEASE =
      Rule.duration(Duration.ofSeconds(6), Duration.ofMinutes(5));
  private static final Rule<Duration> KEEP =
      Rule.duration(Duration.ofSeconds(1), Duration.ofDays(3650));

  public JobSettings {
    AT_ONCE.check("jobs.atOnce", atOnce);
    QUEUE.check("jobs.queue", queue);
    LIMIT.check("jobs.concurrencyLimit", concurrencyLimit);
    within(concurrencyLimit).check("jobs.concurrency", concurrency);
    STREAMS.check("jobs.streams", streams);
    BATCH.check("jobs.batch", batch);
    BATCH_TIME.check("jobs.batchTime", batchTime);
    LEASE.check("jobs.lease", lease);
    KEEP.check("jobs.keep", keep);
  }

  private static Rule<Integer> within(int limit) {
    return Rule.integer(1, limit).because("the most is jobs.concurrencyLimit");
  }

  static JobSettings from(Section section) {
    int limit = section.get("concurrencyLimit", 100, LIMIT);
    return new JobSettings(
        section.get("atOnce", 2, AT_ONCE),
        section.get("queue", 100, QUEUE),
        section.get("concurrency", Math.min(10, limit), within(limit)),
        limit,
        section.get("streams", 500, STREAMS),
        section.get("batch", 500, BATCH),
        section.get("batchTime", Duration.ofMillis(200), BATCH_TIME),
        section.get("lease", Duration.ofSeconds(10), LEASE),
        section.get("keep", Duration.ofDays(7), KEEP));
  }
}
