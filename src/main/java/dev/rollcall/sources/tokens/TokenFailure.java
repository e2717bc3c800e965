package dev.rollcall.sources.tokens;

/** Why there is no token, in our own words, which may be shown. */
final class TokenFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenFailure(String why) {
    super(why, null, false, false);
  }
}
