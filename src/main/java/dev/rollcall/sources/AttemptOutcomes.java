package dev.rollcall.sources;

import dev.rollcall.base.Deadline;
import dev.rollcall.sources.SourceBreaker.Admission;
import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import dev.rollcall.sources.limits.UrlChoice;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the ends of attempts say about their source: to its breaker, to the delay of its hedges and
 * of its URLs. Safe for use by all threads.
 */
record AttemptOutcomes(SourceBreaker breaker, HedgeDelay hedgeDelay, UrlChoice urls) {
  /**
   * A timeout that is told so long after it was due is no fault of the source: the event loop had
   * no time, neither to ask nor to read an answer, as in a process that has just started.
   */
  private static final long LOOP_WAS_LATE = TimeUnit.MILLISECONDS.toNanos(100);

  /**
   * An attempt has ended by itself, after so many nanoseconds.
   *
   * @param own until when it had the time that the source may take; null where its caller left it
   *     less
   */
  void record(SourceReply reply, Admission admission, int url, long took, @Nullable Deadline own) {
    switch (reply.ending()) {
      case OK, ABSENT, UNCHANGED, REJECTED -> {
        breaker.answered(admission, took);
        hedgeDelay.took(took);
        urls.answered(url);
      }
      case BROKEN -> failed(reply, admission, url, took);
      case LATE -> {
        hedgeDelay.took(took);
        if (own != null && !loopWasLate(own)) {
          failed(reply, admission, url, took);
        } else {
          breaker.released(admission);
        }
      }
      case REFUSED -> breaker.released(admission);
    }
  }

  /**
   * What an attempt that has ended by itself shows of the load of its URL.
   *
   * @param own as in {@link #record}
   */
  static Outcome shown(SourceReply reply, AttemptTimes times, @Nullable Deadline own) {
    return switch (reply.ending()) {
      case OK, UNCHANGED, ABSENT -> Outcome.ANSWERED;
      case LATE -> late(times, own);
      case BROKEN, REJECTED, REFUSED -> reply.overloaded() ? Outcome.OVERLOADED : Outcome.UNRELATED;
    };
  }

  /** With its own time it was late, unless it had waited for its permit for a third of that. */
  private static Outcome late(AttemptTimes times, @Nullable Deadline own) {
    if (own == null) {
      return Outcome.GIVEN_UP;
    }
    if (loopWasLate(own)) {
      return Outcome.UNRELATED;
    }
    long waited = times.askedAt() - times.beganAt();
    long asked = own.nanoTime() - times.askedAt();
    return asked >= 2 * waited ? Outcome.OVERLOADED : Outcome.GIVEN_UP;
  }

  private static boolean loopWasLate(Deadline due) {
    return System.nanoTime() - due.nanoTime() > LOOP_WAS_LATE;
  }

  private void failed(SourceReply reply, Admission admission, int url, long took) {
    breaker.failed(admission, took, reply);
    urls.failed(url);
  }
}
