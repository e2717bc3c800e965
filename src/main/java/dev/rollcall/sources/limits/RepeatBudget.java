package dev.rollcall.sources.limits;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds retries and hedges of a source together to a tenth of its calls. At most ten are saved up,
 * so that a source that begins to fail is not met with the repetitions of a long good time; a
 * source that is seldom asked can still be repeated. Safe for use by all threads.
 */
public final class RepeatBudget {
  private static final int PER_CALL = 1;
  private static final int PER_REPEAT = 10;
  private static final int MOST = 10 * PER_REPEAT;

  private final AtomicInteger saved = new AtomicInteger(MOST);

  /** A call, which pays for a part of a repetition. */
  public void call() {
    if (saved.get() < MOST) {
      saved.getAndUpdate(now -> Math.min(MOST, now + PER_CALL));
    }
  }

  /** Takes the cost of one repetition; false, and nothing taken, where it is not there. */
  public boolean takeRepeat() {
    return saved.getAndUpdate(now -> now < PER_REPEAT ? now : now - PER_REPEAT) >= PER_REPEAT;
  }
}
