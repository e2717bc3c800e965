/**
 * Users, views and jobs over HTTP/1.1: a translation of {@link dev.rollcall.users.Users}, {@link
 * dev.rollcall.sources.Views} and {@link dev.rollcall.jobs.Jobs}, and the guard around it.
 *
 * <p>A request's way:
 *
 * <pre>
 * HttpVerticle ─ Connections (a Peer each: idle and slow ones are closed)
 *   │
 *   ├─ plain GET /users/{id} ──────────────┐
 *   └─ Routing (the Router, from Routes) ──┤
 *                                          ▼
 *                    Guard.admit → Exchange → an Endpoint → Users, Views, Jobs
 *                                     │
 *            answers, Problems, RequestMeters, AccessLog, exactly one end
 * </pre>
 *
 * <p>{@link dev.rollcall.http.Gate} is what all instances of a process share: limits, counts,
 * draining. {@code Routes} is the one table of what there is. Whatever goes wrong becomes a problem
 * document in {@code Exchange.fail}. Everything else here belongs to one event loop and needs no
 * lock.
 */
@NullMarked
package dev.rollcall.http;

import org.jspecify.annotations.NullMarked;
