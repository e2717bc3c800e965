/**
 * The framing of HTTP, strict on each port: what is refused here leaves open where the next request
 * begins, or is no request at all.
 *
 * <pre>
 * HTTP/1.1: RequestFraming.enforce → StrictRequestDecoder ──────────────────────▶ Vert.x
 *                                     └─▶ RepeatedCredential: what need not be decoded again
 *                                          └─▶ RecentLines: what connections have in common of it
 * HTTP/2:   Http2Channel.watch → StrictFrameListener → Http2Limits, StrictHead ─▶ Vert.x
 *                                     ├─▶ StreamWatch: what a port keeps of each stream
 *                                     └─▶ PlainRequest: what may be answered before Vert.x
 * </pre>
 */
@NullMarked
package dev.rollcall.framing;

import org.jspecify.annotations.NullMarked;
