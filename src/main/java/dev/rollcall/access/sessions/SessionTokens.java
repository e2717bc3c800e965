package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.SelfRights;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.auth.SessionSettings;
import dev.rollcall.wire.StrictJson;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who the tokens of sessions stand for.
 *
 * <p>A token is one of ours if it begins as all do that one of our keys signed, to the letter; so
 * its algorithm and its key are given, whatever it says. It is verified once, and remembered until
 * it expires or its session ends. Safe for use by all threads.
 */
final class SessionTokens {

  /** So many may be verified at once, or wait for it. */
  private static final int MOST = 256;

  /** Tokens of sessions are shorter. */
  private static final int LONGEST = 8 * 1024;

  private static final long LEAST_BYTES = 4L << 20;
  private static final long REFUSED_BYTES = 1L << 20;
  private static final Duration REFUSED_FOR = Duration.ofSeconds(30);

  /** What an entry takes beside the text. */
  private static final int ENTRY_BYTES = 600;

  /** A node that knows for so long of no newly ended session can't say which tokens hold. */
  private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Future<Principal> NOT_ACCEPTED =
      Future.failedFuture(Authentication.refused());

  private static final Future<Principal> EXPIRED = Future.failedFuture(Authentication.expired());

  private static final Future<Principal> UNCONFIRMED =
      Future.failedFuture(
          Failure.of(Kind.UNAVAILABLE, "sessions can't be confirmed: the store does not answer"));

  private record Held(Principal principal, Future<Principal> answer) {}

  private final Vertx vertx;
  private final SessionSettings settings;
  private final Clock clock;
  private final Set<String> patch;
  private final VerifiedSessions sessions;
  private final Semaphore places = new Semaphore(MOST);
  private final Cache<String, Held> held;
  private final Cache<String, Boolean> refused;
  private volatile List<PublishedKey> keys = List.of();
  private volatile long confirmedAt = System.nanoTime() - 2 * TRUST_NANOS;

  SessionTokens(Vertx vertx, SessionSettings settings, Clock clock, VerifiedSessions sessions) {
    this.vertx = vertx;
    this.settings = settings;
    this.clock = clock;
    this.sessions = sessions;
    this.patch =
        settings.patch().stream()
            .map(member -> member.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    long bytes = Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / 32);
    held =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((String token, Held entry) -> token.length() + ENTRY_BYTES)
            .executor(Runnable::run)
            .build();
    refused =
        Caffeine.newBuilder()
            .maximumWeight(REFUSED_BYTES)
            .weigher((String token, Boolean entry) -> token.length() + ENTRY_BYTES)
            .expireAfterWrite(REFUSED_FOR)
            .executor(Runnable::run)
            .build();
  }

  /** The keys are these, from now on. */
  void are(List<PublishedKey> published) {
    keys = List.copyOf(published);
  }

  /** All is known that the store knows. */
  void confirmed() {
    confirmedAt = System.nanoTime();
  }

  List<PublishedKey> keys() {
    return keys;
  }

  /**
   * Who a token stands for.
   *
   * @return null for one that is none of ours; otherwise complete already for one that is
   *     remembered. Fails with {@code UNAUTHORIZED} where it does not hold, and with {@code
   *     UNAVAILABLE} where that can't be said now.
   */
  @Nullable Future<Principal> identify(String token) {
    for (PublishedKey key : keys) {
      if (key.mayHaveSigned(token)) {
        return identify(token, key);
      }
    }
    return null;
  }

  private Future<Principal> identify(String token, PublishedKey key) {
    if (System.nanoTime() - confirmedAt > TRUST_NANOS) {
      return UNCONFIRMED;
    }
    Held entry = held.getIfPresent(token);
    if (entry != null) {
      return entry.principal().holds() ? entry.answer() : ended(entry.principal());
    }
    if (token.length() > LONGEST || refused.getIfPresent(token) != null) {
      return NOT_ACCEPTED;
    }
    Claims claims;
    try {
      claims = claims(token, key);
    } catch (Failure e) {
      return Future.failedFuture(e);
    }
    return verify(token, key, claims);
  }

  private Future<Principal> ended(Principal principal) {
    return clock.millis() >= principal.expiresAt() ? EXPIRED : NOT_ACCEPTED;
  }

  private Future<Principal> verify(String token, PublishedKey key, Claims claims) {
    if (!places.tryAcquire()) {
      return Future.failedFuture(
          Failure.of(Kind.UNAVAILABLE, "too many tokens wait to be verified")
              .with("retryAfter", 1L));
    }
    // Unordered: the order of a context would make one thread of all.
    return vertx
        .executeBlocking(() -> key.signed(token), false)
        .onComplete(ended -> places.release())
        .compose(signed -> signed ? hold(token, claims) : refuse(token));
  }

  private Future<Principal> hold(String token, Claims claims) {
    SelfRights self =
        new SelfRights(claims.user(), claims.session(), patch, Set.copyOf(settings.views()));
    Principal principal = sessions.add(self, claims.expiresAt());
    Future<Principal> answer = Future.succeededFuture(principal);
    held.put(token, new Held(principal, answer));
    return principal.holds() ? answer : ended(principal);
  }

  private Future<Principal> refuse(String token) {
    refused.put(token, Boolean.TRUE);
    return NOT_ACCEPTED;
  }

  /** What a token says, whose signature is not looked at yet. */
  private record Claims(long user, UUID session, long expiresAt) {}

  /**
   * Reads the claims.
   *
   * @throws Failure {@code UNAUTHORIZED} where they are not as they must be
   */
  private Claims claims(String token, PublishedKey key) {
    try {
      String payload = key.payload(token);
      JsonNode claims = StrictJson.read(Base64.getUrlDecoder().decode(payload));
      boolean ours =
          claims.path("iss").asText().equals(settings.issuer())
              && claims.path("aud").asText().equals(settings.audience())
              && claims.path("scope").asText().equals(SelfRights.SCOPE);
      long user = WholeNumber.parse(claims.path("sub").asText());
      if (!ours || user < 1) {
        throw Authentication.refused();
      }
      UUID session = UUID.fromString(claims.path("sid").asText());
      long expiresAt = Math.multiplyExact(claims.path("exp").asLong(), 1000L);
      if (clock.millis() >= expiresAt) {
        throw Authentication.expired();
      }
      return new Claims(user, session, expiresAt);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Authentication.refused();
    } catch (Failure e) {
      // What is wrong with its JSON is nobody's business.
      throw e.kind() == Kind.UNAUTHORIZED ? e : Authentication.refused();
    }
  }
}
