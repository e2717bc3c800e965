/**
 * Asking sources about a user, whatever their kind.
 *
 * <pre>
 * SourceClient (one per source: cache, sharing, permits, breaker)
 *    → SharedFetch (the attempts at one answer, and the fetches that wait for it)
 *    → Attempt → Source
 * </pre>
 *
 * <p>{@link dev.rollcall.sources.Source} is what each kind of source offers: {@code sources.http}
 * asks over HTTP, {@code sources.bus} over the event bus.
 */
@NullMarked
package dev.rollcall.sources;

import org.jspecify.annotations.NullMarked;
