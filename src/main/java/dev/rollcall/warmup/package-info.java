/**
 * The traffic of a warm-up: what a process asks of a private copy of itself before it is ready, so
 * that the JVM has compiled what requests take.
 *
 * <p>{@link dev.rollcall.warmup.LoadGenerator} has clients that make the requests of a {@link
 * dev.rollcall.warmup.LoadScript} one after the other, each over its {@link
 * dev.rollcall.warmup.LoadConnection}; {@link dev.rollcall.warmup.BusLoad} does the same over the
 * event bus; {@link dev.rollcall.warmup.StubSources} answers for the sources; {@link
 * dev.rollcall.warmup.RateLevel} says when it is enough. The root package makes the copy.
 *
 * <p>Clients and stub use blocking sockets and selectors of the JDK, not Vert.x and Netty: a second
 * kind of client there would add its types to the call sites that are to be compiled for the
 * server's alone.
 */
@NullMarked
package dev.rollcall.warmup;

import org.jspecify.annotations.NullMarked;
