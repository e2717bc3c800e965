package dev.rollcall.sources;

import dev.rollcall.wire.TraceContext;

/**
 * The caller that a source is asked for, as it is passed on.
 *
 * @param requestId names the caller's request in every log
 * @param trace the trace that it belongs to
 */
public record Caller(String requestId, TraceContext trace) {}
