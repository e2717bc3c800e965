/**
 * What HTTP says about keeping an answer (RFC 9111, as a shared cache): whether it may be kept, for
 * how long it is fresh, when it may be used stale, and how it is validated. None of it knows what
 * is asked, and none of it keeps anything; {@code sources} does.
 *
 * <pre>
 * CacheFields → CacheRules → why it is not kept, or its Freshness and Validators
 *    └ CacheControl, base.HttpDate
 * CacheReport: what the caches on the way did (RFC 9211)
 * </pre>
 */
@NullMarked
package dev.rollcall.sources.cache;

import org.jspecify.annotations.NullMarked;
