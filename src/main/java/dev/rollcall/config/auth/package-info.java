/**
 * Who is let in, and what for: the issuers whose tokens are accepted, and the form of scopes, which
 * {@code access} has from here.
 *
 * <p>{@link dev.rollcall.config.auth.IssuerSettings} is one issuer: where its keys are ({@code
 * JwksLocation}), by which algorithms it signs ({@code SignatureAlgorithm}), and what its tokens
 * may give.
 */
@NullMarked
package dev.rollcall.config.auth;

import org.jspecify.annotations.NullMarked;
