/**
 * The connections of clients, and what bounds them: how many there are, by when each is to send or
 * to read, and what their requests take of memory.
 *
 * <p>{@link dev.rollcall.http.connections.HttpLimits} is what all instances of a process share:
 * limits, counts, and whether the process is draining. Everything else belongs to one event loop
 * and needs no lock.
 */
@NullMarked
package dev.rollcall.http.connections;

import org.jspecify.annotations.NullMarked;
