package dev.rollcall;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.KeyRing;
import dev.rollcall.access.jwt.IssuedTokens;
import dev.rollcall.config.AuthSettings;
import dev.rollcall.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * What finds out who asks this process.
 *
 * @param authentication reads the credentials of requests
 * @param tokens of issuers
 */
record Callers(Authentication authentication, IssuedTokens tokens) {
  static Callers of(Vertx vertx, Settings settings) {
    AuthSettings auth = settings.auth();
    IssuedTokens tokens =
        new IssuedTokens(vertx, auth.required() ? auth.issuers().values() : List.of());
    KeyRing ring = new KeyRing();
    ring.confirmed();
    return new Callers(new Authentication(auth, ring, tokens::identify), tokens);
  }

  /** Fails where what the settings name can't be used. */
  Future<Void> start() {
    return tokens.start();
  }

  Future<Void> close() {
    return tokens.close();
  }
}
