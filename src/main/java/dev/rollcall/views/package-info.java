/**
 * Everything that is known about a user, from many sources at once.
 *
 * <pre>
 * Views → Gather (one answer) → SourceCall (one source within it) → SourceClient
 *            └ Verdict (what the ends of all amount to) → ViewAnswer → ViewJson
 * </pre>
 *
 * <p>{@link dev.rollcall.views.RecentFetches} remembers what the last fetches did.
 */
@NullMarked
package dev.rollcall.views;

import org.jspecify.annotations.NullMarked;
