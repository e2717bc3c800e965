package dev.rollcall.views;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Caller;
import dev.rollcall.tracing.TraceSpan;

/**
 * A request for a view.
 *
 * @param mode one that the view allows
 * @param deadline that of the whole answer
 * @param explain whether the answer tells of each attempt at the sources
 * @param client cancelled when nobody waits any more; its action is set by the fetch
 */
public record ViewRequest(
    View view, Mode mode, Deadline deadline, boolean explain, Cancellation client, Caller caller) {

  /** The same, asked within a span. */
  ViewRequest within(TraceSpan span) {
    return new ViewRequest(view, mode, deadline, explain, client, caller.within(span));
  }
}
