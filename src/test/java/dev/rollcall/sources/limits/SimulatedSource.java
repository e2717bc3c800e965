package dev.rollcall.sources.limits;

import dev.rollcall.config.sources.ConcurrencyLimit;
import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A source of which so many places work at once, and whoever asks it at random, on a clock of their
 * own: minutes of them take a moment, and are the same each time. What a place has no time for
 * waits at the source in its order, or is refused by it at once.
 */
final class SimulatedSource {
  static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
    }
  }

  /** What one place takes for an answer of so many milliseconds on average. */
  enum Times {
    ALIKE,
    EXPONENTIAL;

    double factor(double random) {
      return this == ALIKE ? 0.8 + 0.4 * random : -Math.log(1 - random);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Random random = new Random(7);
  private final Deque<Question> queue = new ArrayDeque<>();
  private final Permits permits;
  private final @Nullable AdaptiveLimit limit;
  private final Times times;
  private final boolean refuses;
  private long now;
  private long order;
  private double millis;
  private int places;
  private int busy;
  private double perSecond;
  private long answered;

  /**
   * A source that nobody asks.
   *
   * @param inFlight a number, or adaptive
   * @param refuses whether it refuses what would have to wait
   */
  SimulatedSource(ConcurrencyLimit inFlight, Times times, double millis, boolean refuses) {
    int first = inFlight.adaptive() ? AdaptiveLimit.FIRST : inFlight.most();
    this.permits = new Permits(first, first);
    this.limit =
        inFlight.adaptive() ? new AdaptiveLimit(permits, ConcurrencyLimit.MOST, now) : null;
    this.times = times;
    this.millis = millis;
    this.refuses = refuses;
  }

  /** From now on so many places work, and so many questions come in a second. */
  void set(int nowWorking, double nowAsked) {
    places = nowWorking;
    boolean idle = perSecond == 0;
    perSecond = nowAsked;
    if (idle) {
      next();
    }
  }

  /** Its answers take so long from now on. */
  void take(double newMillis) {
    millis = newMillis;
  }

  private void next() {
    if (perSecond > 0) {
      at(now + 1 + (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9), this::ask);
    }
  }

  private void ask() {
    new Question().begin();
    next();
  }

  private void at(long time, Runnable action) {
    events.add(new Event(time, order++, action));
  }

  /** Goes on for so many milliseconds; gives how many answers there were in time. */
  long run(long forMillis) {
    long before = answered;
    long end = now + forMillis * MILLI;
    for (Event next = events.peek(); next != null && next.at <= end; next = events.peek()) {
      events.remove();
      now = next.at;
      next.action.run();
    }
    now = end;
    return answered - before;
  }

  /** How many may be under way. */
  int limit() {
    return limit == null ? 0 : limit.limit();
  }

  /** One question, which has a second. */
  private final class Question implements Runnable {
    private static final long TIMEOUT = 1000 * MILLI;

    private final long end = now + TIMEOUT;
    private long askedAt;
    private boolean asks;
    private boolean over;

    void begin() {
      switch (permits.take(this)) {
        case NOW -> ask();
        case LATER -> {}
        case NEVER -> {
          return;
        }
      }
      at(end, this::late);
    }

    @Override
    public void run() {
      at(now, this::permitted);
    }

    private void permitted() {
      if (over || (limit != null && !limit.isInTime((end - now) / MILLI))) {
        over = true;
        permits.release();
      } else {
        ask();
      }
    }

    private void ask() {
      asks = true;
      askedAt = now;
      if (busy < places) {
        work();
      } else if (refuses) {
        at(now + MILLI, () -> ended(Outcome.OVERLOADED));
      } else {
        queue.add(this);
      }
    }

    private void work() {
      busy++;
      double took = millis * times.factor(random.nextDouble());
      at(now + Math.max(1, (long) (took * MILLI)), this::worked);
    }

    private void worked() {
      busy--;
      ended(Outcome.ANSWERED);
      while (busy < places && !queue.isEmpty()) {
        queue.remove().work();
      }
    }

    private void late() {
      if (asks) {
        queue.remove(this);
        ended(3 * (end - askedAt) >= 2 * TIMEOUT ? Outcome.OVERLOADED : Outcome.GIVEN_UP);
      } else {
        over = true;
        permits.giveUp(this);
      }
    }

    private void ended(Outcome outcome) {
      if (!over) {
        over = true;
        answered += outcome == Outcome.ANSWERED ? 1 : 0;
        if (limit != null) {
          limit.ended(askedAt, now, outcome);
        }
        permits.release();
      }
    }
  }
}
