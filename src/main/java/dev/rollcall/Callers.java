package dev.rollcall;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.KeyFollower;
import dev.rollcall.access.KeyRing;
import dev.rollcall.access.Keys;
import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import dev.rollcall.access.jwt.IssuedTokens;
import dev.rollcall.access.sessions.UserSessions;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.config.AuthSettings;
import dev.rollcall.config.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What finds out who asks this process.
 *
 * @param authentication reads the credentials of requests
 * @param tokens of issuers
 * @param keys those of the store
 * @param follower has this process follow them, where callers must say who they are
 * @param sessions of users; none where they can't log in
 */
record Callers(
    Authentication authentication,
    IssuedTokens tokens,
    Keys keys,
    KeyFollower follower,
    Optional<UserSessions> sessions) {
  private static final Logger LOG = LoggerFactory.getLogger(Callers.class);

  /**
   * When the keys are asked for once more that decide whether there is a start, in milliseconds.
   */
  private static final long AGAIN_MILLIS = 1_500;

  /**
   * Reads the keys of the store.
   *
   * @return fails with an {@link IllegalStateException} for the operator, where callers must say
   *     who they are and nobody could
   */
  static Future<Callers> open(
      Vertx vertx, Settings settings, Storage storage, MeterRegistry registry) {
    return sessions(vertx, settings, storage, registry)
        .compose(sessions -> open(vertx, settings, storage, registry, sessions));
  }

  private static Future<Optional<UserSessions>> sessions(
      Vertx vertx, Settings settings, Storage storage, MeterRegistry registry) {
    if (settings.auth().sessions().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return storage
        .sessions()
        .get()
        .recover(
            fault ->
                Future.failedFuture(
                    new IllegalStateException(
                        "auth.sessions: the store does not keep them: " + reason(fault), fault)))
        .compose(
            kept -> {
              UserSessions sessions =
                  new UserSessions(
                      vertx,
                      kept,
                      settings.auth().sessions().orElseThrow(),
                      new SignatureChecks(vertx, registry),
                      Clock.systemUTC());
              // Where other nodes keep them, those may come later.
              return sessions
                  .follow()
                  .onFailure(fault -> LOG.warn("sessions can't be read yet: {}", reason(fault)))
                  .otherwiseEmpty()
                  .map(Optional.of(sessions));
            });
  }

  private static Future<Callers> open(
      Vertx vertx,
      Settings settings,
      Storage storage,
      MeterRegistry registry,
      Optional<UserSessions> sessions) {
    KeyRing ring = new KeyRing();
    KeyFollower follower = new KeyFollower(vertx, storage.keys(), ring);
    AuthSettings auth = settings.auth();
    IssuedTokens tokens =
        new IssuedTokens(vertx, auth.required() ? auth.issuers().values() : List.of(), registry);
    Callers callers =
        new Callers(
            new Authentication(auth, ring, token -> identify(token, sessions, tokens)),
            tokens,
            new Keys(storage.keys(), follower),
            follower,
            sessions);
    if (!auth.required()) {
      return Future.succeededFuture(callers);
    }
    boolean others = auth.adminKey().isPresent() || !auth.issuers().isEmpty();
    // A node of an earlier version may have been heard of first, and one that serves keys is then
    // heard of within half a second.
    Future<Void> read = follower.follow();
    if (!others) {
      read = read.recover(fault -> vertx.timer(AGAIN_MILLIS).compose(wait -> follower.refresh()));
    }
    return read.transform(
        keys -> {
          if (keys.failed() && others) {
            LOG.warn("keys are not accepted until they can be read: {}", reason(keys.cause()));
          } else if (keys.failed()) {
            return callers.refuse(
                "the store does not say which keys there are, " + reason(keys.cause()));
          } else if (ring.size() == 0 && !others) {
            return callers.refuse("nobody has a key or a token");
          }
          return Future.succeededFuture(callers);
        });
  }

  private static Future<Principal> identify(
      TokenText token, Optional<UserSessions> sessions, IssuedTokens tokens) {
    Future<Principal> own = sessions.isPresent() ? sessions.get().identify(token) : null;
    return own == null ? tokens.identify(token) : own;
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

  /** Writes down when keys were used, and asks the store no more. */
  Future<Void> endFollowing() {
    sessions.ifPresent(UserSessions::close);
    return follower.end();
  }

  /** Writes down when keys were used, before the store is closed, and takes no tokens any more. */
  Future<Void> close() {
    return endFollowing().eventually(tokens::close);
  }
}
