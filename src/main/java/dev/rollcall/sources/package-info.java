/**
 * Everything that is known about a user, from many services at once.
 *
 * <pre>
 * Views → Gather (one answer) → SourceClient (one per source) → Flight (attempts)
 *       ⇢ event bus ⇢ SourceVerticle → HttpSource → upstream
 * </pre>
 */
@NullMarked
package dev.rollcall.sources;

import org.jspecify.annotations.NullMarked;
