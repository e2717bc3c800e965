package dev.rollcall.views;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.config.sources.ViewSettings.Mode;
import dev.rollcall.sources.Caller;

/**
 * A view that is asked for.
 *
 * @param view which
 * @param mode one that the view allows
 * @param deadline by when the whole answer is to be there
 * @param client turned when nobody waits for it any more; its action is set by the fetch
 * @param caller on whose behalf
 */
public record ViewRequest(
    View view, Mode mode, Deadline deadline, Cancellation client, Caller caller) {}
