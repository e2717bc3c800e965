package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.Authentication;
import dev.rollcall.access.Confirmation;
import dev.rollcall.access.Principal;
import dev.rollcall.access.SelfRights;
import dev.rollcall.access.TokenText;
import dev.rollcall.access.tokens.RememberedTokens;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.auth.SessionSettings;
import dev.rollcall.wire.StrictJson;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
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

  /** Tokens of sessions are shorter. */
  private static final int LONGEST = 8 * 1024;

  private static final Future<Principal> NOT_ACCEPTED =
      Future.failedFuture(Authentication.refused());

  private static final Future<Principal> UNCONFIRMED =
      Future.failedFuture(
          Failure.of(Kind.UNAVAILABLE, "sessions can't be confirmed: the store does not answer"));

  private final SignatureChecks checks;
  private final SessionSettings settings;
  private final Clock clock;
  private final Set<String> patch;
  private final VerifiedSessions sessions;
  private final RememberedTokens<PublishedKey> remembered = new RememberedTokens<>();
  private final Confirmation confirmation = new Confirmation();
  private volatile List<PublishedKey> keys = List.of();

  SessionTokens(
      SignatureChecks checks, SessionSettings settings, Clock clock, VerifiedSessions sessions) {
    this.checks = checks;
    this.settings = settings;
    this.clock = clock;
    this.sessions = sessions;
    this.patch =
        settings.patch().stream()
            .map(member -> member.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The keys are these, from now on. */
  void are(List<PublishedKey> published) {
    keys = List.copyOf(published);
  }

  /**
   * All was known that the store knows.
   *
   * @param askedAt by {@link System#nanoTime}, when it was asked
   */
  void confirmed(long askedAt) {
    confirmation.at(askedAt);
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
  @Nullable Future<Principal> identify(TokenText token) {
    for (PublishedKey key : keys) {
      if (key.mayHaveSigned(token.text())) {
        return identify(token, key);
      }
    }
    return null;
  }

  private Future<Principal> identify(TokenText text, PublishedKey key) {
    if (confirmation.isOld()) {
      return UNCONFIRMED;
    }
    Future<Principal> known = remembered.find(text);
    if (known != null) {
      return known;
    }
    String token = text.text();
    if (token.length() > LONGEST) {
      return NOT_ACCEPTED;
    }
    Claims claims;
    try {
      claims = claims(token, key);
    } catch (Failure e) {
      return Future.failedFuture(e);
    }
    return checks
        .verify(() -> key.signed(token))
        .compose(signed -> signed ? hold(text, key, claims) : remembered.refuse(text));
  }

  private Future<Principal> hold(TokenText token, PublishedKey key, Claims claims) {
    SelfRights self =
        new SelfRights(claims.user(), claims.session(), patch, Set.copyOf(settings.views()));
    return remembered.hold(token, key, sessions.add(self, claims.expiresAt()));
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
