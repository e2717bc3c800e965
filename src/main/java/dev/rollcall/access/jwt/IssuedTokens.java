package dev.rollcall.access.jwt;

import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.TokenText;
import dev.rollcall.access.tokens.RememberedTokens;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.IssuerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the JWTs of declared issuers stand for.
 *
 * <p>A token is verified once and remembered until it expires, or until its issuer withdraws the
 * key that it was signed with; then what goes on for its principal ends. Safe for use by all
 * threads. No token stands in any log or failure.
 */
public final class IssuedTokens {

  private static final Logger LOG = LoggerFactory.getLogger(IssuedTokens.class);

  /** Longer ones may take more than 50 µs to read, and are read off the event loop. */
  private static final int READ_AT_ONCE = 4 * 1024;

  private static final Future<Principal> NOT_ACCEPTED =
      Future.failedFuture(Authentication.refused());

  private final Vertx vertx;
  private final SignatureChecks checks;
  private final RememberedTokens<TokenIssuer.Verified> remembered = new RememberedTokens<>();
  private final Map<String, TokenIssuer> issuers = new HashMap<>();

  /** Tokens that are being verified, so that many requests with a new one cost one check. */
  private final Map<TokenText, Future<Principal>> underWay = new ConcurrentHashMap<>();

  /**
   * Tokens of issuers, which have no keys before {@link #start}.
   *
   * @param settings no two of one {@code issuer}
   */
  public IssuedTokens(Vertx vertx, Collection<IssuerSettings> settings, MeterRegistry registry) {
    this.vertx = vertx;
    this.checks = new SignatureChecks(vertx, registry);
    for (IssuerSettings each : settings) {
      TokenIssuer issuer = new TokenIssuer(vertx, each, checks, this::endWithout);
      TimeGauge.builder(
              "rollcall.tokens.keys.age", issuer.keys(), TimeUnit.NANOSECONDS, IssuerKeys::ageNanos)
          .description("For how long the keys of an issuer could not be or were not fetched again")
          .tag("issuer", each.name())
          .register(registry);
      issuers.put(each.issuer(), issuer);
    }
  }

  /**
   * Begins to fetch the keys of all issuers, and goes on with that in the background. Tokens that
   * come meanwhile wait.
   *
   * @return fails with an {@link IllegalStateException} for the operator where a file of keys or
   *     authorities is of no use; a server that is away fails nothing
   */
  public Future<Void> start() {
    return Future.all(issuers.values().stream().map(TokenIssuer::start).toList()).mapEmpty();
  }

  /** Fetches and verifies no more. */
  public Future<Void> close() {
    issuers.values().forEach(issuer -> issuer.keys().close());
    return checks.close();
  }

  /**
   * Who a token stands for.
   *
   * @param text as it came, of any length and content
   * @return complete already for a token that is remembered, otherwise completed on the context of
   *     the caller; fails with {@code UNAUTHORIZED} where it does not hold, and with {@code
   *     UNAVAILABLE} and {@code retryAfter} in seconds where the keys of its issuer could not be
   *     fetched yet or too many tokens wait
   */
  public Future<Principal> identify(TokenText text) {
    if (text.length() > SignedToken.LONGEST) {
      return NOT_ACCEPTED;
    }
    Future<Principal> known = remembered.find(text);
    if (known != null) {
      return known;
    }
    Future<Principal> running = underWay.get(text);
    if (running != null) {
      return onContext(running);
    }
    String token = text.text();
    try {
      return remember(
          text,
          token.length() <= READ_AT_ONCE
              ? verify(SignedToken.read(token))
              : checks.read(() -> SignedToken.read(token)).compose(this::verify));
    } catch (Failure refused) {
      return Future.failedFuture(refused);
    }
  }

  private Future<Optional<TokenIssuer.Verified>> verify(SignedToken token) {
    TokenIssuer issuer = issuers.get(token.claim("iss"));
    return issuer == null ? Future.failedFuture(Authentication.refused()) : issuer.verify(token);
  }

  private Future<Principal> remember(
      TokenText token, Future<Optional<TokenIssuer.Verified>> verifying) {
    if (verifying.isComplete()) {
      return ended(token, verifying);
    }
    Promise<Principal> promise = Promise.promise();
    Future<Principal> first = underWay.putIfAbsent(token, promise.future());
    verifying.onComplete(
        outcome -> {
          Future<Principal> answer = ended(token, outcome);
          if (first == null) {
            underWay.remove(token);
          }
          answer.onComplete(promise);
        });
    return onContext(promise.future());
  }

  private Future<Principal> ended(
      TokenText token, AsyncResult<Optional<TokenIssuer.Verified>> outcome) {
    if (outcome.succeeded()) {
      return outcome
          .result()
          .map(verified -> hold(token, verified))
          .orElseGet(() -> remembered.refuse(token));
    }
    return Future.failedFuture(Failure.from(outcome.cause(), LOG, "a token could not be verified"));
  }

  private Future<Principal> hold(TokenText token, TokenIssuer.Verified verified) {
    Future<Principal> answer = remembered.hold(token, verified, verified.principal());
    KeySet keys = verified.issuer().keys().current();
    if (keys != null && !keys.has(verified.key())) {
      // The key was withdrawn meanwhile, and nobody else looks for this token any more.
      endWithout(verified.issuer(), keys);
      return NOT_ACCEPTED;
    }
    return answer;
  }

  /** Ends tokens of an issuer that were signed with a key which it has no longer. */
  private void endWithout(TokenIssuer issuer, KeySet keys) {
    remembered.end(by -> by.issuer() == issuer && !keys.has(by.key()));
  }

  /** The outcome where the caller is: it may have been another one's question first. */
  private <T> Future<T> onContext(Future<T> elsewhere) {
    Context caller = vertx.getOrCreateContext();
    Promise<T> here = Promise.promise();
    elsewhere.onComplete(outcome -> caller.runOnContext(now -> here.handle(outcome)));
    return here.future();
  }
}
