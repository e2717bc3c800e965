/**
 * The mechanics of the HTTP server, whatever it serves: admission, reading of heads and bodies,
 * writing of answers and streams, problems, and the access log. Its connections and limits are in
 * {@link dev.rollcall.http.connections}.
 *
 * <p>A request's way:
 *
 * <pre>
 * Connections (one ClientConnection each: idle and slow ones are closed)
 *   │
 *   ▼
 * RequestAdmission.admit → Exchange → Body (what the client sends)
 *                  │
 *                  └→ Outgoing, StreamWriter (what it is sent), RequestMeters, AccessLog
 * </pre>
 *
 * <p>All belongs to one event loop and needs no lock. Whatever goes wrong becomes a problem
 * document in {@code Exchange.fail}.
 */
@NullMarked
package dev.rollcall.http.server;

import org.jspecify.annotations.NullMarked;
