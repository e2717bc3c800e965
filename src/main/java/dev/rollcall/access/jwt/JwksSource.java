package dev.rollcall.access.jwt;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Where the JWKS of an issuer is. */
interface JwksSource {

  /** No JWKS is larger. */
  int LARGEST = 1 << 20;

  /**
   * A JWKS as it was fetched.
   *
   * @param freshMillis for how long it need not be fetched again, in milliseconds
   */
  record Fetched(Buffer content, long freshMillis) {}

  /**
   * Looks at what a start must not go on without: the files that it needs.
   *
   * @return fails with the key of the settings and what is wrong, such as {@code jwks: a.json can't
   *     be read}
   */
  Future<Void> check();

  /**
   * Fetches it, in some seconds at most.
   *
   * @return fails with a message for the operator, that holds no secret
   */
  Future<Fetched> fetch();
}
