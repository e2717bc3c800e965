package dev.rollcall.access.jwt;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.JwksLocation;
import dev.rollcall.config.auth.SignatureAlgorithm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An issuer: its tokens are verified by its own keys alone. Safe for use by all threads. */
final class TokenIssuer {

  /** So many tokens may wait for keys of one issuer. */
  private static final int MOST_WAITING = 256;

  /**
   * A token whose signature was verified.
   *
   * @param key with which, of its issuer
   */
  record Verified(TokenIssuer issuer, Principal principal, VerificationKey key) {}

  private final String name;
  private final Set<SignatureAlgorithm> algorithms;
  private final ClaimRules rules;
  private final JwksSource source;
  private final IssuerKeys keys;
  private final SignatureChecks checks;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  /**
   * An issuer whose keys are not fetched yet.
   *
   * @param changed called when its keys are others than before, on any thread
   */
  TokenIssuer(
      Vertx vertx,
      IssuerSettings settings,
      SignatureChecks checks,
      BiConsumer<TokenIssuer, KeySet> changed) {
    this.algorithms = EnumSet.copyOf(settings.algorithms());
    this.rules = new ClaimRules(settings);
    this.checks = checks;
    this.name = settings.name();
    this.source = source(vertx, settings);
    this.keys = new IssuerKeys(vertx, settings, source, all -> changed.accept(this, all));
  }

  private static JwksSource source(Vertx vertx, IssuerSettings settings) {
    return settings.jwks() instanceof JwksLocation.Url server
        ? new JwksServer(vertx, server.url(), settings.trust())
        : new JwksFile(vertx, ((JwksLocation.File) settings.jwks()).path());
  }

  /** As {@link IssuedTokens#start}. */
  Future<Void> start() {
    return source
        .check()
        .onSuccess(usable -> keys.refresh())
        .recover(
            fault ->
                Future.failedFuture(
                    new IllegalStateException(
                        "auth.issuers." + name + "." + fault.getMessage(), fault)));
  }

  IssuerKeys keys() {
    return keys;
  }

  /**
   * Verifies a token that says it is of this issuer.
   *
   * @return nothing where none of the keys that may have signed it has; fails with {@code
   *     UNAUTHORIZED} where it does not hold for another reason, and with {@code UNAVAILABLE} where
   *     that can't be said now; completes on any thread
   */
  Future<Optional<Verified>> verify(SignedToken token) {
    if (!algorithms.contains(token.algorithm())) {
      return Future.failedFuture(Authentication.refused());
    }
    Principal principal = rules.read(token, System.currentTimeMillis());
    KeySet known = keys.current();
    if (known != null && !known.candidates(token).isEmpty()) {
      return check(token, principal, known);
    }
    if (!waiting.tryAcquire()) {
      return Future.failedFuture(
          Authentication.unavailable("too many tokens wait for keys of their issuer", 1));
    }
    Future<@Nullable KeySet> others =
        known == null
            ? keys.first()
            : keys.newer(fetched -> fetched != null && !fetched.candidates(token).isEmpty());
    return others
        .onComplete(fetched -> waiting.release())
        .compose(fetched -> check(token, principal, fetched));
  }

  private Future<Optional<Verified>> check(
      SignedToken token, Principal principal, @Nullable KeySet known) {
    if (known == null) {
      return Future.failedFuture(
          Authentication.unavailable(
              "the keys of the token's issuer could not be fetched yet", keys.retrySeconds()));
    }
    List<VerificationKey> candidates = known.candidates(token);
    if (candidates.isEmpty()) {
      return Future.failedFuture(Authentication.refused());
    }
    return checks
        .verify(() -> candidates.stream().filter(key -> key.verifies(token)).findFirst())
        .map(signer -> signer.map(key -> new Verified(this, principal, key)));
  }
}
