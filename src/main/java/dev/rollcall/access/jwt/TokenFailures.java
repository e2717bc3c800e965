package dev.rollcall.access.jwt;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;

/** What tokens are refused with. Nothing more is said of why, save that one has expired. */
final class TokenFailures {

  static final Failure NOT_ACCEPTED = invalid("the token is not accepted");

  /** The same for a token that took a signature check, which is to be remembered. */
  static final Failure WRONG_SIGNATURE = invalid("the token is not accepted");

  static final Failure EXPIRED = invalid("the token has expired");

  private TokenFailures() {}

  /** It can't be said now whether a token holds. */
  static Failure unavailable(String why, long retrySeconds) {
    return Failure.of(Kind.UNAVAILABLE, why).with("retryAfter", Math.max(1, retrySeconds));
  }

  private static Failure invalid(String detail) {
    return Failure.of(Kind.UNAUTHORIZED, detail).with("error", "invalid_token");
  }
}
