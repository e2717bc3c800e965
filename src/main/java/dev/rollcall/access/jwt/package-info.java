/**
 * JWTs of declared issuers.
 *
 * <p>{@link dev.rollcall.access.jwt.IssuedTokens} tells who a token stands for. A token that was
 * verified is remembered ({@link dev.rollcall.access.tokens.RememberedTokens}), so that the usual
 * way is one look-up. Another one is taken apart ({@code SignedToken}), the issuer is chosen by
 * what it says of itself, and that one alone ({@code TokenIssuer}) looks at its claims ({@code
 * ClaimRules}) and then, off the event loop, at its signature, by keys that it knows itself:
 * whatever a token says of keys beside the id of one is not looked at.
 *
 * <p>{@code IssuerKeys} keeps the keys of an issuer ({@code KeySet} of {@code VerificationKey}) and
 * looks for new ones with a server ({@code JwksServer}) or in a file ({@code JwksFile}).
 */
@NullMarked
package dev.rollcall.access.jwt;

import org.jspecify.annotations.NullMarked;
