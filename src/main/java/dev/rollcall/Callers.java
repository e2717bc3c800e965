package dev.rollcall;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.KeyFollower;
import dev.rollcall.access.KeyRing;
import dev.rollcall.access.Keys;
import dev.rollcall.access.jwt.IssuedTokens;
import dev.rollcall.config.AuthSettings;
import dev.rollcall.config.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What finds out who asks this process.
 *
 * @param authentication reads the credentials of requests
 * @param tokens of issuers
 * @param keys those of the store
 * @param follower has this process follow them, where callers must say who they are
 */
record Callers(
    Authentication authentication, IssuedTokens tokens, Keys keys, KeyFollower follower) {
  private static final Logger LOG = LoggerFactory.getLogger(Callers.class);

  /**
   * Reads the keys of the store.
   *
   * @return fails with an {@link IllegalStateException} for the operator, where callers must say
   *     who they are and nobody could
   */
  static Future<Callers> open(
      Vertx vertx, Settings settings, Storage storage, MeterRegistry registry) {
    KeyRing ring = new KeyRing();
    KeyFollower follower = new KeyFollower(vertx, storage.keys(), ring);
    AuthSettings auth = settings.auth();
    IssuedTokens tokens =
        new IssuedTokens(vertx, auth.required() ? auth.issuers().values() : List.of(), registry);
    Callers callers =
        new Callers(
            new Authentication(auth, ring, tokens::identify),
            tokens,
            new Keys(storage.keys(), follower),
            follower);
    if (!auth.required()) {
      return Future.succeededFuture(callers);
    }
    boolean others = auth.adminKey().isPresent() || !auth.issuers().isEmpty();
    return follower
        .follow()
        .transform(
            read -> {
              if (read.failed() && others) {
                LOG.warn("keys are not accepted until they can be read: {}", reason(read.cause()));
              } else if (read.failed()) {
                return callers.refuse(
                    "the store does not say which keys there are, " + reason(read.cause()));
              } else if (ring.size() == 0 && !others) {
                return callers.refuse("nobody has a key or a token");
              }
              return Future.succeededFuture(callers);
            });
  }

  private static String reason(Throwable fault) {
    return String.valueOf(fault.getMessage());
  }

  private Future<Callers> refuse(String why) {
    IllegalStateException fault =
        new IllegalStateException(
            "auth.kind: required, but "
                + why
                + "; set auth.adminKey, declare an issuer under auth.issuers, or make a key with"
                + " rollcall key");
    return close().transform(closed -> Future.failedFuture(fault));
  }

  /** Fails where what the settings name can't be used. */
  Future<Void> start() {
    return tokens.start();
  }

  /** Writes down when keys were used, before the store is closed, and takes no tokens any more. */
  Future<Void> close() {
    return follower.end().eventually(tokens::close);
  }
}
