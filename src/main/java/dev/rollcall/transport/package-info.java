/**
 * How sockets are waited for, and connections accepted.
 *
 * <p>{@code Transports} chooses the transport of all event loops. {@code AcceptingTransport} is put
 * around it, since Vert.x has no place for what each server does here: it pauses where it can't
 * accept ({@code AcceptPause}), and with TLS it bounds the connections that have not encrypted yet
 * ({@code HandshakeLimit}). {@code Refusals} logs what others can cause as often as they like.
 */
@NullMarked
package dev.rollcall.transport;

import org.jspecify.annotations.NullMarked;
