package dev.rollcall.users;

import java.util.List;

/**
 * A stretch of the change feed.
 *
 * @param items in ascending order of seq, complete from what was asked for up to {@code next}
 * @param next the seq to go on after: the last item's, or what was asked for when there is none
 */
public record ChangePage(List<Change> items, long next) {}
