/**
 * What can be asked of Rollcall, whichever way it comes.
 *
 * <pre>
 *   http ─ OperationExchange ─┐                       ┌─ UserReading, UserWriting, UserPasswords
 *                             ├─ Request ─ Operation ─┤  ViewReading, JobCalls
 *   bus ── OperationCall ─────┘                       └─ on Resources: Users, Views, Jobs
 * </pre>
 *
 * <p>{@link dev.rollcall.operations.Operation} is the one table: a row says how an operation is
 * called over HTTP and over the event bus, what it is told, what its caller must be allowed, and
 * what carries it out. The router, {@code Allow}, the consumers of the bus, the names of the meters
 * and the tests of both contracts are made from it.
 *
 * <p>A handler here knows no transport: it reads from a {@link dev.rollcall.operations.Request} and
 * answers to it. Where a parameter stands, and what an answer looks like, is for the transport's
 * implementation to say. Operations that stream are HTTP's own: their rows have no handler here.
 */
@NullMarked
package dev.rollcall.operations;

import org.jspecify.annotations.NullMarked;
