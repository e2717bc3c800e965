package dev.rollcall.access.sessions;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.SelfRights;
import dev.rollcall.access.sessions.RefreshTokens.RefreshToken;
import dev.rollcall.access.sessions.StoredSession.Outcome;
import dev.rollcall.access.sessions.StoredSession.Refresh;
import dev.rollcall.access.sessions.StoredSession.Refreshed;
import dev.rollcall.access.signing.DerivedKeys;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.config.auth.SessionSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions over a store that this process has. What they are is decided in the store's
 * transactions; here tokens are made.
 */
public final class StoredSessions implements Sessions {

  private static final Logger LOG = LoggerFactory.getLogger(StoredSessions.class);

  /** How often it is looked whether it is time for the next key, in milliseconds. */
  private static final long RENEW_MILLIS = 15_000;

  /** How often what is of no use any more is removed, in milliseconds. */
  private static final long PRUNE_MILLIS = 60_000;

  private final Vertx vertx;
  private final SessionStore store;
  private final SessionSettings settings;
  private final Clock clock;
  private final RefreshTokens refreshTokens;
  private final SigningKeys signingKeys;
  private final List<Long> timers = new CopyOnWriteArrayList<>();

  /**
   * Sessions that can't begin before {@link #start()}.
   *
   * @param secret {@code auth.secret}
   * @param clock that of the system, unless a test moves it
   */
  public StoredSessions(
      Vertx vertx, SessionStore store, SessionSettings settings, String secret, Clock clock) {
    DerivedKeys keys = new DerivedKeys(secret);
    this.vertx = vertx;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    this.refreshTokens = new RefreshTokens(keys);
    this.signingKeys = new SigningKeys(store, keys, settings.rotate(), settings.lifetime(), clock);
  }

  /**
   * Makes sure that there is a key, and looks after the keys and the sessions from then on.
   *
   * @return fails where the store does not answer
   */
  public Future<Void> start() {
    return updates(0)
        .compose(known -> renew())
        .compose(renewed -> updates(0))
        .onSuccess(
            known -> {
              timers.add(
                  vertx.setPeriodic(
                      RENEW_MILLIS,
                      timer -> renew().onFailure(fault -> later("a key was not renewed", fault))));
              timers.add(vertx.setPeriodic(PRUNE_MILLIS, timer -> prune()));
            })
        .mapEmpty();
  }

  /** Makes the next key where it is time for that, which nodes hear of as they follow. */
  public Future<Boolean> renew() {
    return signingKeys.renew();
  }

  private void prune() {
    store.prune(clock.instant()).onFailure(fault -> later("sessions were not pruned", fault));
  }

  private static void later(String what, Throwable fault) {
    LOG.debug("{}: {}", what, fault.getMessage());
  }

  @Override
  public Future<SessionUpdates> updates(long since) {
    return store
        .updates(since)
        .map(
            updates -> {
              if (updates.revision() != since || since == 0) {
                signingKeys.are(updates.keys());
              }
              return updates.published();
            });
  }

  @Override
  public Future<Optional<IssuedSession>> start(long user, String passwordHash) {
    Instant now = now();
    RefreshToken token = refreshTokens.first(UUID.randomUUID());
    StoredSession session =
        new StoredSession(
            token.session(),
            user,
            token.number(),
            token.hash(),
            now,
            now,
            now.plus(settings.refresh()),
            tokenExpiry(now));
    return store
        .start(session, passwordHash)
        .compose(
            begun ->
                begun
                    ? issue(session, token, now).map(Optional::of)
                    : Future.succeededFuture(Optional.empty()));
  }

  @Override
  public Future<IssuedSession> refresh(String text) {
    RefreshToken token = refreshTokens.read(text);
    if (token == null) {
      return Future.failedFuture(notAccepted());
    }
    Instant now = now();
    RefreshToken next = refreshTokens.next(token);
    Refresh refresh =
        new Refresh(
            token.session(),
            token.number(),
            token.hash(),
            next.hash(),
            now,
            now.plus(settings.refresh()),
            tokenExpiry(now));
    return store.refresh(refresh).compose(refreshed -> issue(refreshed, next, now));
  }

  private Future<IssuedSession> issue(Refreshed refreshed, RefreshToken token, Instant now) {
    StoredSession session = refreshed.session();
    if (refreshed.outcome() == Outcome.USED_BEFORE) {
      LOG.warn("the session {} was ended: a refresh token was used again", token.session());
    }
    return session == null ? Future.failedFuture(notAccepted()) : issue(session, token, now);
  }

  /** What a refresh token is refused with, for whatever reason. */
  private static Failure notAccepted() {
    return Failure.of(Kind.UNAUTHORIZED, "the refresh token is not accepted");
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Tokens count whole seconds. */
  private Instant tokenExpiry(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).plus(settings.lifetime());
  }

  private Future<IssuedSession> issue(StoredSession session, RefreshToken refresh, Instant now) {
    Instant expiresAt = tokenExpiry(now);
    ObjectNode claims =
        JsonNodeFactory.instance
            .objectNode()
            .put("iss", settings.issuer())
            .put("aud", settings.audience())
            .put("sub", Long.toString(session.user()))
            .put("iat", now.getEpochSecond())
            .put("exp", expiresAt.getEpochSecond())
            .put("jti", UUID.randomUUID().toString())
            .put("sid", session.id().toString())
            .put("scope", SelfRights.SCOPE);
    return vertx
        .executeBlocking(() -> signingKeys.current().sign(claims), false)
        .map(
            token ->
                new IssuedSession(
                    session.id(),
                    session.user(),
                    token,
                    expiresAt,
                    refresh.text(),
                    session.expiresAt()));
  }

  @Override
  public Future<Boolean> end(UUID session) {
    return store.end(session);
  }

  @Override
  public void close() {
    timers.forEach(vertx::cancelTimer);
  }
}
