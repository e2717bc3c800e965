/**
 * What the tokens of issuers and of sessions have in common: each is verified once, on other
 * threads than those of requests, and remembered until it expires.
 */
@NullMarked
package dev.rollcall.access.tokens;

import org.jspecify.annotations.NullMarked;
