/**
 * The operations over HTTP/1.1, and the guard around them.
 *
 * <p>A request's way:
 *
 * <pre>
 * HttpVerticle ─ Connections (a Peer each: idle and slow ones are closed)
 *   │
 *   ├─ plain GET /users/{id} ──────────────┐
 *   └─ Routing (the Router) ───────────────┤
 *                                          ▼
 *                    Guard.admit → OperationExchange → operations, or what Routes.own names
 *                                     │
 *            answers, Problems, RequestMeters, AccessLog, exactly one end
 * </pre>
 *
 * <p>{@link dev.rollcall.http.Gate} is what all instances of a process share: limits, counts,
 * draining. What there is is the table of operations; {@code Routes} adds what HTTP alone does,
 * such as streams. Whatever goes wrong becomes a problem document in {@code Exchange.fail}.
 * Everything else here belongs to one event loop and needs no lock.
 */
@NullMarked
package dev.rollcall.http;

import org.jspecify.annotations.NullMarked;
