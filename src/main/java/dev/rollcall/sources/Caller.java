package dev.rollcall.sources;

import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a source is asked: the two headers of a caller's that are passed on.
 *
 * @param requestId names the caller's request in every log
 * @param traceparent the trace that it belongs to (W3C); null when there is none
 */
public record Caller(String requestId, @Nullable String traceparent) {}
