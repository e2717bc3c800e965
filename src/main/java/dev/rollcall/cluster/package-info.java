/**
 * What all verticles of this process run on.
 *
 * <p>{@link dev.rollcall.cluster.Node} makes it; {@link dev.rollcall.cluster.Transports} picks what
 * its event loops wait for sockets with.
 */
@NullMarked
package dev.rollcall.cluster;

import org.jspecify.annotations.NullMarked;
