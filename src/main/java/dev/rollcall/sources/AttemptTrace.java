package dev.rollcall.sources;

import dev.rollcall.base.Deadline;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.tracing.TraceSpan;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The span of an attempt, which tells what its {@link Timeline} tells, and nothing of its answer.
 */
final class AttemptTrace {

  private AttemptTrace() {}

  /** Begins it; null where nothing is recorded. */
  static @Nullable TraceSpan begin(
      Caller caller, SourceSettings source, Attempt.Kind kind, int ordinal) {
    TraceSpan parent = caller.span();
    if (parent == null) {
      return null;
    }
    return parent
        .child("source " + source.name(), TraceSpan.Kind.CLIENT)
        .set("rollcall.source", source.name())
        .set("rollcall.attempt", ordinal)
        .set("rollcall.hedge", kind == Attempt.Kind.HEDGE);
  }

  /** Ends it, if there is one, with how its attempt ended. */
  static void end(
      @Nullable TraceSpan span, AttemptTimes times, SourceStatus how, Deadline deadline) {
    if (span == null) {
      return;
    }
    // Its caller gave up at the deadline, a moment before it would have done so itself.
    boolean late = how == SourceStatus.CANCELLED && deadline.passed();
    SourceStatus end = late ? SourceStatus.TIMEOUT : how;
    long waited = TimeUnit.NANOSECONDS.toMicros(times.waited(System.nanoTime()));
    span.set("rollcall.end", end.json())
        .set("rollcall.url", times.url())
        .set("rollcall.waited_us", waited);
    switch (end) {
      case FAILED, TIMEOUT, REFUSED -> span.failed(end.json());
      case OK, ABSENT, CANCELLED, SKIPPED -> {}
    }
    span.end();
  }
}
