package dev.rollcall.access.jwt;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;

/** What tokens are refused with. Nothing more is said of why, save that one has expired. */
final class TokenFailures {

  private TokenFailures() {}

  /** It can't be said now whether a token holds. */
  static Failure unavailable(String why, long retrySeconds) {
    return Failure.of(Kind.UNAVAILABLE, why).with("retryAfter", Math.max(1, retrySeconds));
  }

  static Failure notAccepted() {
    return invalid("the token is not accepted");
  }

  static Failure expired() {
    return invalid("the token has expired");
  }

  private static Failure invalid(String detail) {
    return Failure.of(Kind.UNAUTHORIZED, detail).with("error", "invalid_token");
  }
}
