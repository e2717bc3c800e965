/**
 * How sockets are waited for, and connections accepted.
 *
 * <p>{@code Transports} chooses the transport of all event loops. {@code AcceptingTransport} is put
 * around it, since Vert.x has no place for what each server does here: it pauses where it can't
 * accept ({@code AcceptPause}), it bounds the connections that keep memory for what has come in
 * part ({@code PartialInputLimit}), and with TLS those that have not encrypted yet ({@code
 * HandshakeLimit}). Both give out {@code FairPlaces}. {@code Refusals} logs what others can cause
 * as often as they like.
 */
@NullMarked
package dev.rollcall.transport;

import org.jspecify.annotations.NullMarked;
