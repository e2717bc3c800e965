package dev.rollcall.sources;

import org.jspecify.annotations.Nullable;

/**
 * The attempts at a source's answer as one view saw them: up to the moment when the source had
 * ended for it. Others may have waited for the same answer, before that and after it.
 *
 * @param first the earliest attempt; null where none was made
 * @param until when the source ended for the view, on the clock of {@link System#nanoTime()}
 */
public record Timeline(@Nullable AttemptTimes first, long until) {
  /** No attempts: an answer from memory, or a source that was not asked. */
  public static final Timeline NONE = new Timeline(null, 0);

  /** Takes the attempts one by one. */
  public interface Visitor {
    /**
     * An attempt.
     *
     * @param end how it ended for the view
     */
    void attempt(AttemptTimes times, SourceStatus end);
  }

  /**
   * Visits the attempts that had begun, in the order of their beginning.
   *
   * @param status how the source ended. An attempt that went on then was cut short by that: it is
   *     cancelled where another one answered, and otherwise shares the end of its source
   */
  public void visit(SourceStatus status, Visitor visitor) {
    SourceStatus cutShort = status.isAnswer() ? SourceStatus.CANCELLED : status;
    for (AttemptTimes each = first; each != null; each = each.next()) {
      if (each.beganAt() - until > 0) {
        return;
      }
      SourceStatus end = each.end(until);
      if (end == null || end == SourceStatus.CANCELLED) {
        end = cutShort;
      }
      visitor.attempt(each, end);
    }
  }
}
