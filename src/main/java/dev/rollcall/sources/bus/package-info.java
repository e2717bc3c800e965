/**
 * Sources that are asked over the event bus, and what serves the others there.
 *
 * <p>{@code BusSource} asks: the instance on its own event loop by reference, else the owner of the
 * address in JSON. {@code SourceVerticle} serves a source of this node to both.
 */
@NullMarked
package dev.rollcall.sources.bus;

import org.jspecify.annotations.NullMarked;
