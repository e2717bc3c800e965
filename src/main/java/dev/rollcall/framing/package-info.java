/**
 * The framing of HTTP, strict on each port: what is refused here leaves open where the next request
 * begins, or is no request at all.
 */
@NullMarked
package dev.rollcall.framing;

import org.jspecify.annotations.NullMarked;
