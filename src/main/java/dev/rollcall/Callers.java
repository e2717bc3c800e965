package dev.rollcall;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.KeyRing;
import dev.rollcall.config.Settings;
import io.vertx.core.Future;

/**
 * What finds out who asks this process.
 *
 * @param authentication reads the credentials of requests
 */
record Callers(Authentication authentication) {
  static Callers of(Settings settings) {
    KeyRing ring = new KeyRing();
    ring.confirmed();
    return new Callers(
        new Authentication(
            settings.auth(), ring, token -> Future.failedFuture(Authentication.refused())));
  }
}
