package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.Principal;
import dev.rollcall.access.StoreFollower;
import dev.rollcall.access.TokenText;
import dev.rollcall.access.tokens.SignatureChecks;
import dev.rollcall.config.auth.SessionSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sessions as a process serves them: begun, refreshed and ended where they are kept, and their
 * tokens verified here. It asks what is new several times a second, so that a session that was
 * ended on another node ends here within one. Safe for use by all threads.
 */
public final class UserSessions {

  private final Sessions kept;
  private final Clock clock;
  private final SignatureChecks checks;
  private final VerifiedSessions verified = new VerifiedSessions();
  private final SessionTokens tokens;
  private final StoreFollower follower;

  /**
   * Sessions that are not followed yet.
   *
   * @param checks verifies their tokens; closed with this
   * @param clock that of the system, unless a test moves it
   */
  public UserSessions(
      Vertx vertx, Sessions kept, SessionSettings settings, SignatureChecks checks, Clock clock) {
    this.kept = kept;
    this.clock = clock;
    this.checks = checks;
    this.tokens = new SessionTokens(checks, settings, clock, verified);
    this.follower = new StoreFollower(vertx, "sessions", this::ask);
  }

  /**
   * Reads which keys and ended sessions there are, and follows them from then on, also where they
   * can't be read yet.
   *
   * @return completes when they have been read; fails where the store does not answer
   */
  public Future<Void> follow() {
    return follower.follow();
  }

  /** Follows them no longer, and verifies no more tokens. */
  public Future<Void> close() {
    follower.close();
    kept.close();
    return checks.close();
  }

  /** What they are kept by, for nodes that have no store. */
  public Sessions kept() {
    return kept;
  }

  /** Takes over what is new. */
  Future<Void> refresh() {
    return follower.refresh();
  }

  private Future<Long> ask(@Nullable Long known, long askedAt) {
    return kept.updates(known == null ? 0 : known)
        .map(
            updates -> {
              take(updates, askedAt);
              // A store that was put back has an earlier one.
              return updates.revision();
            });
  }

  private void take(SessionUpdates updates, long askedAt) {
    Instant now = clock.instant();
    if (!updates.keys().isEmpty()) {
      List<PublishedKey> before = tokens.keys();
      tokens.are(updates.keys().stream().map(key -> published(key, before)).toList());
    }
    verified.end(updates.ended());
    verified.forget(now);
    tokens.confirmed(askedAt);
  }

  private static PublishedKey published(SigningKey key, List<PublishedKey> before) {
    return before.stream()
        .filter(each -> each.key().name().equals(key.name()))
        .findFirst()
        .filter(each -> Objects.equals(each.key().until(), key.until()))
        .orElseGet(() -> new PublishedKey(key));
  }

  /** Who a token stands for; null for one that is none of a session. */
  public @Nullable Future<Principal> identify(TokenText token) {
    return tokens.identify(token);
  }

  /** The public keys by which others verify tokens, as they stand in a JWKS (RFC 7517). */
  public List<ObjectNode> publishedKeys() {
    Instant now = clock.instant();
    return tokens.keys().stream()
        .filter(each -> each.key().isPublished(now))
        .map(PublishedKey::json)
        .toList();
  }

  /** As {@link Sessions#start}. */
  public Future<Optional<IssuedSession>> start(long user, String passwordHash) {
    return kept.start(user, passwordHash);
  }

  /** As {@link Sessions#refresh}. */
  public Future<IssuedSession> refresh(String refreshToken) {
    return kept.refresh(refreshToken);
  }

  /**
   * Ends a session, in this process at once and on other nodes within a second.
   *
   * @return false where there is none of this id
   */
  public Future<Boolean> end(UUID session) {
    return kept.end(session).compose(ended -> refresh().otherwiseEmpty().map(ended));
  }
}
