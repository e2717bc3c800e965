package dev.rollcall.sources;

import dev.rollcall.wire.TraceContext;

/**
 * On whose behalf a source is asked: the headers of a caller's that are passed on.
 *
 * @param requestId names the caller's request in every log
 * @param trace the trace that it belongs to
 */
public record Caller(String requestId, TraceContext trace) {}
