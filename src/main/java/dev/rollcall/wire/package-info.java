/**
 * The formats of what arrives: strict reading of JSON and of members with their faults, the
 * addresses of the event bus, headers that HTTP and the bus have in common, and the framing of HTTP
 * requests.
 */
@NullMarked
package dev.rollcall.wire;

import org.jspecify.annotations.NullMarked;
