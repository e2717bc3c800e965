/**
 * What crosses a boundary: strict reading of JSON, the addresses of the event bus, and headers that
 * HTTP and the bus have in common, and where requests of HTTP begin and end.
 */
@NullMarked
package dev.rollcall.wire;

import org.jspecify.annotations.NullMarked;
