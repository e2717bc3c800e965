/**
 * What bounds the attempts at one source: how many at once ({@link
 * dev.rollcall.sources.limits.AttemptLimits}, found from the latency by {@link
 * dev.rollcall.sources.limits.AdaptiveLimit}), how often, how many beside the first, and which URLs
 * are left alone. None of it knows what is asked.
 */
@NullMarked
package dev.rollcall.sources.limits;

import org.jspecify.annotations.NullMarked;
