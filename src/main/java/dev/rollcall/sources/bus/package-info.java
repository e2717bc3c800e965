/**
 * Asking sources over the event bus, and serving this node's there.
 *
 * <p>{@code BusSource} asks the instance on its own event loop by reference, else the owner of the
 * address in JSON. {@code SourceVerticle} serves both.
 */
@NullMarked
package dev.rollcall.sources.bus;

import org.jspecify.annotations.NullMarked;
