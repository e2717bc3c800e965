package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/** Background jobs. */
public record JobSettings(
    int atOnce,
    int queue,
    int concurrency,
    int concurrencyLimit,
    int streams,
    int batch,
    Duration batchTime,
    Duration lease,
    Duration keep,
    long limit) {
  private static final Key<Integer> AT_ONCE = Key.integer("jobs.atOnce", 2, 0, 64);
  private static final Key<Integer> QUEUE = Key.integer("jobs.queue", 100, 1, 100_000);
  private static final Key<Integer> MOST_AT_WORK =
      Key.integer("jobs.concurrencyLimit", 100, 1, 1000);
  private static final Key<Integer> STREAMS = Key.integer("jobs.streams", 500, 1, 100_000);
  private static final Key<Integer> BATCH = Key.integer("jobs.batch", 500, 1, 5000);
  private static final Key<Duration> BATCH_TIME =
      Key.duration("jobs.batchTime", "200ms", "1ms", "10s");
  private static final Key<Duration> LEASE = Key.duration("jobs.lease", "10s", "6s", "5m");
  private static final Key<Duration> KEEP = Key.duration("jobs.keep", "7d", "1s", "3650d");
  private static final Key<Long> LIMIT = Key.size("jobs.limit", "4GiB", "1MiB", "1024GiB");

  public JobSettings {
    AT_ONCE.check(atOnce);
    QUEUE.check(queue);
    MOST_AT_WORK.check(concurrencyLimit);
    concurrency(concurrencyLimit).check(concurrency);
    STREAMS.check(streams);
    BATCH.check(batch);
    BATCH_TIME.check(batchTime);
    LEASE.check(lease);
    KEEP.check(keep);
    LIMIT.check(limit);
  }

  private static Key<Integer> concurrency(int limit) {
    return Key.of(
        "jobs.concurrency",
        Math.min(10, limit),
        Rule.integer(1, limit).because("the most is jobs.concurrencyLimit"));
  }

  static JobSettings from(Section section) {
    int atWork = MOST_AT_WORK.read(section);
    return new JobSettings(
        AT_ONCE.read(section),
        QUEUE.read(section),
        concurrency(atWork).read(section),
        atWork,
        STREAMS.read(section),
        BATCH.read(section),
        BATCH_TIME.read(section),
        LEASE.read(section),
        KEEP.read(section),
        LIMIT.read(section));
  }
}
