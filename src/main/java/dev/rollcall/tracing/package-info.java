/**
 * The spans of this process and their way to a collector (OpenTelemetry, OTLP over HTTP).
 *
 * <pre>
 * Tracing ─▶ TraceSpan (of a request, a view, an attempt, …) ─▶ SpanQueue ─▶ Collector
 * </pre>
 *
 * <p>Where tracing is off there is no {@link dev.rollcall.tracing.Tracing}, whoever would begin a
 * span has null in its place, and no class of OpenTelemetry is loaded. {@link
 * dev.rollcall.tracing.CurrentSpan} is how the store, which is not told who asks, finds the span
 * that a write belongs to.
 */
@NullMarked
package dev.rollcall.tracing;

import org.jspecify.annotations.NullMarked;
