/**
 * What crosses a boundary: strict reading of JSON, the addresses of the event bus, and headers that
 * HTTP and the bus have in common.
 */
@NullMarked
package dev.rollcall.wire;

import org.jspecify.annotations.NullMarked;
