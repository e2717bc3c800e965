package dev.rollcall.sources;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What retries and hedges may cost a source together: a tenth of the calls.
 *
 * <p>Each call pays in a tenth of what one repetition takes out. A few are to be had at once, so
 * that a source that is seldom asked can be asked again at all, and no more than those are saved
 * up: a source that fails after a long good time is not met with all the repetitions of that time.
 * Safe for use by all threads.
 */
final class RepeatBudget {

  private static final int PER_CALL = 1;
  private static final int PER_REPEAT = 10;
  private static final int MOST = 10 * PER_REPEAT;

  private final AtomicInteger saved = new AtomicInteger(MOST);

  /** A call is made. */
  void call() {
    if (saved.get() < MOST) {
      saved.getAndUpdate(now -> Math.min(MOST, now + PER_CALL));
    }
  }

  /** Takes what one repetition costs; false, and nothing taken, when that is not there. */
  boolean takeRepeat() {
    return saved.getAndUpdate(now -> now < PER_REPEAT ? now : now - PER_REPEAT) >= PER_REPEAT;
  }
}
