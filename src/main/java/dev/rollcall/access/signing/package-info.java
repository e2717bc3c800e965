/**
 * What this process signs with: keys of Ed25519 ({@link dev.rollcall.access.signing.SigningPair}),
 * and how {@code auth.secret} encrypts the private ones ({@link
 * dev.rollcall.access.signing.DerivedKeys}).
 */
@NullMarked
package dev.rollcall.access.signing;

import org.jspecify.annotations.NullMarked;
