package dev.rollcall.sources.limits;

import com.netflix.concurrency.limits.limit.GradientLimit;
import dev.rollcall.config.sources.ConcurrencyLimit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts may be under way at one URL, found from how long its answers take: more as long
 * as they take what they take without a load, fewer once they wait for each other. Safe for use by
 * all threads; never blocks.
 *
 * <p>It goes by rounds ({@link LatencyRound}), and {@link GradientLimit} makes the next limit of
 * each. What an answer takes without a load is measured anew again and again ({@link NoLoadProbe}),
 * since the least time ever seen is wrong once the source has become slower, and the time under a
 * load that lasts is not the one without.
 */
public final class AdaptiveLimit {
  /** What an attempt that was asked has shown. */
  public enum Outcome {
    /** It was answered. */
    ANSWERED,
    /** The URL had too much to do: it said so, took no connection, or was late. */
    OVERLOADED,
    /** Nobody waited for it any more, or its caller gave it less time than it may take. */
    GIVEN_UP,
    /** A failure that has nothing to do with the load. */
    UNRELATED
  }

  /** As many as may be under way before anything is known. */
  static final int FIRST = 100;

  /** A limit that holds grows by this part in each round. */
  private static final double GROWTH = 0.25;

  /**
   * How much longer than without a load answers may take before a limit no longer grows by all of
   * that. With {@link #GROWTH} it comes to rest where they take half as long again.
   */
  private static final double TOLERANCE = 1.1;

  /** What is left of a limit after a round in which the URL had too much to do. */
  private static final double BACKOFF = 0.7;

  /** How much of a time below the least one is believed, since a lower one may be chance. */
  private static final double BELIEVED = 0.2;

  /**
   * Rounds between two measurements without a load: at least, where they take long, and at most.
   */
  private static final int OFTEN = 8;

  private static final int SELDOM = 40;

  private static final long OLD = TimeUnit.SECONDS.toNanos(10);

  /** Rounds at the start and after a pause that are not looked at: the quick answers end first. */
  private static final int SKIPPED = 2;

  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** Of a round without an answer. */
  private static final long UNKNOWN = TimeUnit.HOURS.toNanos(1);

  /** Who has waited needs so many times what an answer takes, or would only be late. */
  private static final double LEFT = 1.25;

  private final Permits permits;
  private final int waiting;
  private final LongAdder refused = new LongAdder();
  private final LatencyRound round;
  private GradientLimit limit = newLimit(FIRST);
  private @Nullable NoLoadProbe probe;
  private int sinceProbe;
  private long measuredAt;
  private int skipped;
  private long lastEnd;

  private volatile int present = FIRST;

  /** The average time of the last round with answers, in nanoseconds; 0 before there is one. */
  private volatile long usual;

  /**
   * A limit of which nothing is known yet.
   *
   * @param permits those of the URL, which are resized
   * @param waiting how many may wait, if as many may be under way
   * @param now the time on the clock of {@link System#nanoTime()}
   */
  AdaptiveLimit(Permits permits, int waiting, long now) {
    this.permits = permits;
    this.waiting = waiting;
    this.round = new LatencyRound(now);
    this.lastEnd = now;
    this.measuredAt = now;
  }

  private static GradientLimit newLimit(int first) {
    return GradientLimit.newBuilder()
        .initialLimit(first)
        .minLimit(1)
        .maxConcurrency(ConcurrencyLimit.MOST)
        .queueSize(now -> (int) Math.max(1, now * GROWTH))
        .rttTolerance(TOLERANCE)
        .smoothing(1)
        .backoffRatio(BACKOFF)
        // Its own probe takes what it sees first, though a queue at the source may not have
        // drained.
        .probeInterval(-1)
        .build();
  }

  /**
   * An attempt has ended that still has its permit.
   *
   * @param askedAt when it got its permit, on the clock of {@link System#nanoTime()}
   */
  void ended(long askedAt, long now, Outcome outcome) {
    if (outcome != Outcome.UNRELATED && count(askedAt, now, outcome)) {
      permits.resize(present, Math.min(waiting, present));
    }
  }

  /** Whether that made a new limit. */
  private synchronized boolean count(long askedAt, long now, Outcome outcome) {
    if (askedAt - lastEnd > PAUSE) {
      skipped = 0;
      round.restart(now, usual);
    }
    lastEnd = now;
    long took = now - askedAt;
    boolean saysNothing = outcome == Outcome.GIVEN_UP && took < usual;
    if (saysNothing || !round.count(took, now, outcome, permits.taken())) {
      return false;
    }
    if (round.hasAnswers()) {
      usual = Math.max(1, round.average());
    }
    boolean seen = skipped >= SKIPPED;
    if (seen) {
      next(now);
      present = limit.getLimit();
    } else {
      skipped++;
    }
    round.restart(now, usual);
    return seen;
  }

  private void next(long now) {
    long time = round.hasAnswers() ? usual : UNKNOWN;
    long least = limit.getRttNoLoad(TimeUnit.NANOSECONDS);
    // So many are at work where the answers come as often as they do.
    double working = round.perNano(now) * (least > 0 ? Math.min(least, time) : time);
    boolean dropped = round.isDropped() && limit.getLimit() > 1.1 * working;
    if (probe != null) {
      if (probe.goesOn(limit.getLimit(), time, dropped)) {
        limit = newLimit(NoLoadProbe.half(limit.getLimit()));
        return;
      }
      limit = newLimit(probe.after(limit.getLimit(), time));
      probe = null;
    }
    adjust(time, least, dropped, limit.getLimit() > 2 * working);
    if (++sinceProbe >= (now - measuredAt < OLD ? SELDOM : OFTEN)) {
      sinceProbe = 0;
      measuredAt = now;
      measure(time, now);
    }
  }

  private void adjust(long time, long least, boolean dropped, boolean farOff) {
    long believed = time < least ? least - (long) (BELIEVED * (least - time)) : time;
    limit.onSample(0, believed, round.most(), dropped);
    if (dropped && farOff) {
      limit.onSample(0, believed, round.most(), true);
    }
  }

  /** What an answer takes without a load is measured from now on. */
  private void measure(long time, long now) {
    int before = limit.getLimit();
    if (round.most() * 2 < before) {
      // There is hardly any now.
      limit = newLimit(before);
    } else {
      long least = limit.getRttNoLoad(TimeUnit.NANOSECONDS);
      probe = new NoLoadProbe(before, least, time, round.perNano(now));
      limit = newLimit(NoLoadProbe.half(before));
    }
  }

  /** Whether an attempt that has waited, and has so many milliseconds left, can be in time. */
  boolean isInTime(long millisLeft) {
    return TimeUnit.MILLISECONDS.toNanos(millisLeft) >= usual * LEFT;
  }

  void refused() {
    refused.increment();
  }

  /** How many may be under way now: from 1 to {@link ConcurrencyLimit#MOST}. */
  public int limit() {
    return present;
  }

  /** How many are under way. */
  public int taken() {
    return permits.taken();
  }

  /** How many attempts were not made so far since the limit was reached. */
  public long refusals() {
    return refused.sum();
  }
}
