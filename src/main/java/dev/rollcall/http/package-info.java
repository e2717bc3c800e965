/**
 * The operations over HTTP, on top of the mechanics in {@link dev.rollcall.http.server}.
 *
 * <p>A request's way:
 *
 * <pre>
 * HttpVerticle ─ Connections (idle and slow ones are closed)
 *   │                  └─ DirectReads (users over HTTP/2, answered there and then)
 *   ├─ PlainReads (users and views) ───────┐
 *   └─ Routing (the Router) ───────────────┤
 *                    ┌─────────────────────┘
 *                    ▼
 *           RequestAdmission.admit
 *                    │
 *                    ▼
 *            OperationExchange ─ operations, or what Routes.own names
 *                    │
 *            answers, Problems, RequestMeters, AccessLog, exactly one end
 * </pre>
 *
 * <p>What there is is the table of operations; {@code Routes} adds what HTTP alone does: the
 * import, batches, and streams of pages ({@code PageStream}) and of events ({@code EventStream}).
 * Everything here belongs to one event loop and needs no lock.
 */
@NullMarked
package dev.rollcall.http;

import org.jspecify.annotations.NullMarked;
