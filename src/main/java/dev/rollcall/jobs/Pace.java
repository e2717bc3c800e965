package dev.rollcall.jobs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells how fast a job is from what is seen of it now and then. Not safe for several threads. */
public final class Pace {
  /** What is longer ago does not count. */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  /**
   * How far a job is, and how fast.
   *
   * @param rate users a second, of late; 0 where nothing moves
   * @param secondsLeft until all are done at that rate; null where it can't be told
   */
  public record Progress(Job job, double rate, @Nullable Double secondsLeft) {}

  private record Seen(long nanos, int done) {}

  private final Deque<Seen> seen = new ArrayDeque<>();

  /**
   * Takes note of a job.
   *
   * @param now on the clock of {@link System#nanoTime()}
   */
  public Progress of(Job job, long now) {
    while (seen.size() > 1 && now - seen.getFirst().nanos() > WINDOW_NANOS) {
      seen.removeFirst();
    }
    seen.addLast(new Seen(now, job.done()));
    double rate = job.state() == JobState.RUNNING ? rate() : 0;
    int left = job.total() - job.done();
    Double secondsLeft = job.state().isEnd() ? Double.valueOf(0) : rate > 0 ? left / rate : null;
    return new Progress(job, tenths(rate), secondsLeft == null ? null : tenths(secondsLeft));
  }

  private double rate() {
    Seen first = seen.getFirst();
    Seen last = seen.getLast();
    double seconds = (last.nanos() - first.nanos()) / SECOND;
    return seconds > 0 ? (last.done() - first.done()) / seconds : 0;
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
