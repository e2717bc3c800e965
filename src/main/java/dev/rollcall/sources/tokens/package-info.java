/**
 * Tokens that sources are asked with, by the client credentials of this process (RFC 6749, 4.4).
 *
 * <p>{@code ClientToken} is the token of one source, kept until shortly before it runs out; {@code
 * TokenEndpoint} asks for a new one.
 */
@NullMarked
package dev.rollcall.sources.tokens;

import org.jspecify.annotations.NullMarked;
